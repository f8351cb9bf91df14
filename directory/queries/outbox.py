"""Reads and moves of the outbox: what is due, who has it in hand, and what became of it."""

from datetime import datetime

from sqlalchemy import Select, Update, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from directory.models import OutboxMail

_IS_WAITING = (OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
_ERASED = {"recipient": "", "body": ""}


def due(at: datetime) -> Select[int]:
    """The mail that waits and may be tried: ids, the longest due first."""
    return select(OutboxMail.id).where(*_IS_WAITING, OutboxMail.due_at <= at).order_by(OutboxMail.due_at, OutboxMail.id)


def expired(at: datetime) -> Select[int]:
    """The mail that waits and has run out: ids."""
    return select(OutboxMail.id).where(*_IS_WAITING, OutboxMail.expires_at <= at)


def take(
    mail_id: int, *, due_at: datetime, at: datetime, until: datetime
) -> ReturningUpdate[int, str, str, str, str, str, datetime]:
    """Take a mail in hand until then, and return it; no row where another has it or nothing is left to send."""
    return (
        update(OutboxMail)
        .where(OutboxMail.id == mail_id, *_IS_WAITING, OutboxMail.due_at <= due_at, OutboxMail.expires_at > at)
        .values(due_at=until, attempts=OutboxMail.attempts + 1)
        .returning(
            OutboxMail.attempts, OutboxMail.kind, OutboxMail.message_id, OutboxMail.recipient, OutboxMail.subject,
            OutboxMail.body, OutboxMail.created_at,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def sent(mail_id: int, *, at: datetime) -> Update:
    """Mark a mail as sent and erase it."""
    return _waiting(mail_id).values(sent_at=at, **_ERASED)


def put_off(mail_id: int, *, attempts: int, until: datetime) -> Update:
    """Put a mail off; a no-op where another has taken it in hand since."""
    return _waiting(mail_id).where(OutboxMail.attempts == attempts).values(due_at=until)


def give_up(at: datetime) -> ReturningUpdate[int]:
    """Mark what has run out as given up, erase it, and return the ids."""
    statement = update(OutboxMail).where(*_IS_WAITING, OutboxMail.expires_at <= at).values(given_up_at=at, **_ERASED)
    return statement.returning(OutboxMail.id).execution_options(synchronize_session=False)


def _waiting(mail_id: int) -> Update:
    statement = update(OutboxMail).where(OutboxMail.id == mail_id, *_IS_WAITING)
    return statement.execution_options(synchronize_session=False)
