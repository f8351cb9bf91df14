"""What an operator does with accounts: make one, grant and revoke roles, close it."""

from datetime import datetime

from flask_security import hash_password
from sqlalchemy.orm import Session

from directory.domain import passwords
from directory.domain.access import Role
from directory.domain.errors import Conflict, InvalidParameter, NotFound
from directory.domain.identifiers import email_key
from directory.domain.labels import N_
from directory.domain.mail import address
from directory.extensions import reading
from directory.models import Account, AccountRole
from directory.models.base import random_token
from directory.queries import accounts as queries
from directory.services import audit, sessions


def create(email: str, password: str, *, at: datetime, role: Role | None = None) -> str:
    """Make an account whose address counts as confirmed, and return its public id.

    Raises InvalidParameter for an address or a password that is refused, Conflict where the address is taken.
    """
    typed = email.strip()
    if address(typed) is None:
        raise InvalidParameter("email", N_("Enter an e-mail address like name@example.org."))
    if problem := passwords.problem(password, email=typed):
        raise InvalidParameter("password", problem.message, **problem.values)
    with reading() as session:
        if session.scalar(queries.by_email(email_key(typed))):
            raise Conflict(N_("There is an account with this address already."))
    hashed = hash_password(passwords.normal(password))
    with audit.turn() as session:
        account = Account(email=typed, password=hashed, confirmed_at=at, created_at=at)
        session.add(account)
        session.flush()
        if role:
            _grant(session, account, role, at=at)
        return account.public_id


def grant(email: str, role: Role, *, at: datetime) -> None:
    """Grant a role; all sessions of the account end.

    NotFound for an unknown address, Conflict where it has the role or nobody has confirmed the address.
    """
    with audit.turn() as session:
        account = _found(session, email)
        if account.confirmed_at is None:
            # Anybody can have made it, with a password of their own.
            raise Conflict(N_("Nobody has confirmed this address yet."))
        if account.has_role(role):
            raise Conflict(N_("This account has the role already."))
        _grant(session, account, role, at=at)


def revoke(email: str, role: Role, *, at: datetime) -> None:
    """Take a role back; its sessions end. NotFound for an unknown address, Conflict where it has no such role."""
    with audit.turn() as session:
        account = _found(session, email)
        held = next((each for each in account.roles if each.name == role), None)
        if held is None:
            raise Conflict(N_("This account does not have the role."))
        account.roles.remove(held)
        _shut_out(session, account, "revoke_role", at=at, role=role)


def close(email: str, *, at: datetime) -> None:
    """Let an account sign in no more; all its sessions end. NotFound for an unknown address."""
    with audit.turn() as session:
        account = _found(session, email)
        account.active = False
        _shut_out(session, account, "close_account", at=at)


def _grant(session: Session, account: Account, role: Role, *, at: datetime) -> None:
    account.roles.append(AccountRole(name=role, granted_at=at))
    _shut_out(session, account, "grant_role", at=at, role=role)


def _shut_out(session: Session, account: Account, action: str, *, at: datetime, role: Role | None = None) -> None:
    # A new name makes every mailed link void as well: what was asked for under other rights must not outlive them.
    account.fs_uniquifier = random_token()
    sessions.end_all(session, account.id, at=at)
    audit.enter(session, action, actor_id=None, at=at, body={"account": account.id, "role": role})


def _found(session: Session, email: str) -> Account:
    account = session.scalar(queries.by_email(email_key(email)))
    if account is None:
        raise NotFound(N_("There is no account with this address."))
    return account
