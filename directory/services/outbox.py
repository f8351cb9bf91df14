"""The outbox: mail is written in the transaction it tells of, and sent afterwards, under the id it got there."""

import secrets
import smtplib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.orm import Session

from directory.domain.mail import LONGEST_WAIT, Letter, Mail, compose, fit_to_send, pause_after
from directory.extensions import reading, writing
from directory.models import OutboxMail
from directory.queries import outbox as queries
from directory.services.mail_transport import Transport

#: How long a mail is in one sender's hands. A sender that was killed has it no longer after that, and it is sent again.
LEASE = timedelta(minutes=5)
_RANDOM_BYTES = 16
_log = structlog.get_logger("directory.outbox")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of the mail that was due; `expired` ran out before it could be sent, and is erased."""

    sent: int = 0
    failed: int = 0
    expired: int = 0


class _End(Enum):
    SENT = auto()
    FAILED = auto()
    NOT_OURS = auto()


def post(session: Session, mail: Mail, *, at: datetime) -> None:
    """Write a mail into the caller's transaction: it is sent when that is committed, and never was when it is not.

    Raises InvalidParameter for a recipient that is not one plain address.
    """
    fit = fit_to_send(mail)
    session.add(
        OutboxMail(
            message_id=f"<{secrets.token_hex(_RANDOM_BYTES)}@{fit.host}>",
            kind=fit.kind,
            recipient=fit.recipient,
            subject=fit.subject,
            body=fit.body,
            created_at=at,
            due_at=at,
            expires_at=fit.expires_at or at + LONGEST_WAIT,
        )
    )


def send(transport: Transport, *, at: datetime, is_ended: Callable[[], bool] = lambda: False) -> Sent:
    """Send what is due at `at`, in UTC, the longest due first, each mail once; several may do so side by side.

    A mail that is not taken stays and is tried again later. `is_ended` is asked before each. A kill after the server
    took a mail and before that was written down sends it again, as the same mail, once LEASE is over.
    """
    began = monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=monotonic() - began)

    expired, ends = _give_up(at), Counter[_End]()
    for mail_id in _due(at):
        if is_ended():
            break
        ends[_send_one(transport, mail_id, due_at=at, now=now)] += 1
    return Sent(sent=ends[_End.SENT], failed=ends[_End.FAILED], expired=expired)


def _due(at: datetime) -> list[int]:
    # Read without a transaction: to look into an empty outbox must not hold up who writes.
    with reading() as session:
        return list(session.scalars(queries.due(at)))


def _give_up(at: datetime) -> int:
    with reading() as session:
        if session.scalar(queries.expired(at).limit(1)) is None:
            return 0
    with writing() as session:
        return len(session.scalars(queries.give_up(at)).all())


def _send_one(transport: Transport, mail_id: int, *, due_at: datetime, now: Callable[[], datetime]) -> _End:
    with writing() as session:
        taken = session.execute(queries.take(mail_id, due_at=due_at, at=now(), until=now() + LEASE)).one_or_none()
    if taken is None:
        return _End.NOT_OURS
    try:
        transport.deliver(compose(_letter(taken), sender=transport.sender))
    except OSError as error:
        _tell(error, message_id=taken.message_id, kind=taken.kind, attempts=taken.attempts)
        until = now() + pause_after(taken.attempts)
        ending, end = queries.put_off(mail_id, attempts=taken.attempts, until=until), _End.FAILED
    else:
        ending, end = queries.sent(mail_id, at=now()), _End.SENT
    with writing() as session:
        session.execute(ending)
    return end


def _letter(row: Row[*tuple[Any, ...]]) -> Letter:
    return Letter(
        message_id=row.message_id,
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        written_at=row.created_at,
    )


def _tell(error: OSError, **known: object) -> None:
    # What the server said may repeat the address, which is in no log.
    _log.warning("mail_not_taken", error=type(error).__name__, code=_code(error), **known)


def _code(error: OSError) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), None)
    return getattr(error, "smtp_code", None) or error.errno
