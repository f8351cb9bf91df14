"""Signed-in browsers: begun at sign-in, ended one by one or all at once; a cookie alone signs nobody in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.domain.access import Actor
from directory.domain.errors import NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.sessions import SEEN_EVERY, is_live
from directory.extensions import reading, writing
from directory.models import Account, AccountSession
from directory.queries import sessions as queries
from directory.services import access
from directory.services.audit import in_utc

_NO_SUCH = N_("This browser is signed out already.")


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who is signed in, and in which of their browsers."""

    actor: Actor
    email: str
    session_id: str
    token: str


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A browser in which an account is signed in; moments in UTC."""

    session_id: str
    browser: str
    began: datetime
    seen: datetime


def begin(session: Session, account_id: int, *, browser: str, at: datetime, language: str | None = None) -> str:
    """Open a session in the transaction of `session`, and return the token that its cookie holds.

    The account is written to in `language` from now on, where one is given.
    """
    if language:
        session.get_one(Account, account_id).language = language
    opened = AccountSession(account_id=account_id, browser=browser, created_at=at, seen_at=at)
    session.add(opened)
    session.flush()
    return opened.token


def signed_in(token: str, *, at: datetime) -> SignedIn | None:
    """Return who holds `token`; None where it was revoked, was idle for too long, or belongs to a closed account."""
    with reading() as session:
        found = session.execute(queries.by_token(token)).one_or_none()
        if found is None:
            return None
        opened, email = found
        actor = access.actor(session, opened.account_id)
    began, seen = in_utc(opened.created_at), in_utc(opened.seen_at)
    if not is_live(began=began, seen=seen, at=at, is_staff=actor.is_staff):
        return None
    if at - seen >= SEEN_EVERY:
        _note(opened.id, at)
    return SignedIn(actor=actor, email=email or "", session_id=opened.public_id, token=token)


def of_account(account_id: int, *, at: datetime) -> Sequence[OpenSession]:
    """Return the browsers in which an account is signed in now, the one used last first."""
    with reading() as session:
        is_staff = access.actor(session, account_id).is_staff
        found = [
            OpenSession(
                session_id=each.public_id,
                browser=each.browser,
                began=in_utc(each.created_at),
                seen=in_utc(each.seen_at),
            )
            for each in session.scalars(queries.open_of(account_id))
        ]
    return [each for each in found if is_live(began=each.began, seen=each.seen, at=at, is_staff=is_staff)]


def end(session_id: str, *, account_id: int, at: datetime) -> None:
    """End one of an account's own sessions; NotFound for any other, and the second time."""
    if not is_public_id(session_id):
        raise NotFound(_NO_SUCH)
    with writing() as session:
        ended = session.execute(queries.revoked(account_id, at, only=session_id))
        if ended.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a cursor
            raise NotFound(_NO_SUCH)


def end_all(session: Session, account_id: int, *, at: datetime, but: str | None = None) -> None:
    """End the sessions of an account, all or all but the one with the token `but`, in the transaction of `session`."""
    session.execute(queries.revoked(account_id, at, but=but))


def _note(session_id: int, at: datetime) -> None:
    with writing() as session:
        session.execute(queries.seen(session_id, at))
