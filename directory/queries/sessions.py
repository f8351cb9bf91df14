"""Reads and marks of signed-in browsers."""

from datetime import datetime

from sqlalchemy import Select, Update, select, update

from directory.models import Account, AccountSession


def by_token(token: str) -> Select[AccountSession, str | None]:
    """The session with this token that nobody revoked, of an active account, with that account's address."""
    return (
        select(AccountSession, Account.email)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.token == token, AccountSession.revoked_at.is_(None), Account.active)
    )


def open_of(account_id: int) -> Select[AccountSession]:
    """The sessions of an account that nobody revoked, the one seen last first."""
    return (
        select(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.revoked_at.is_(None))
        .order_by(AccountSession.seen_at.desc(), AccountSession.id)
    )


def seen(session_id: int, at: datetime) -> Update:
    """Note that a session was used."""
    return update(AccountSession).where(AccountSession.id == session_id).values(seen_at=at)


def revoked(account_id: int, at: datetime, *, only: str | None = None, but: str | None = None) -> Update:
    """Revoke the open sessions of an account: all, the one with the public id `only`, or all but the token `but`."""
    statement = update(AccountSession).where(
        AccountSession.account_id == account_id, AccountSession.revoked_at.is_(None)
    )
    if only is not None:
        statement = statement.where(AccountSession.public_id == only)
    if but is not None:
        statement = statement.where(AccountSession.token != but)
    return statement.values(revoked_at=at)
