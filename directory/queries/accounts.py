"""Reads of accounts: who somebody is, in which roles, with which ties.

What every act asks is built once, and takes its values as parameters of those names.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, Update, bindparam, func, select, update
from sqlalchemy.orm import selectinload

from directory.models import Account, AccountRole, Clinic, Tie
from directory.queries.aliases import called
from directory.queries.dossiers import are_one

_VOICE = func.coalesce(Account.linked_to_id, Account.id)
_ACCOUNT_ID: BindParameter[int] = bindparam("account_id")
_BY: BindParameter[int] = bindparam("voice")
_CLINIC_IDS: BindParameter[int] = bindparam("clinic_ids", expanding=True)


@cache
def standing() -> Select[int, str | None, str]:
    """A row a role of `account_id`, or one with None where it has none: its voice, its second factor, the role."""
    return (
        select(_VOICE.label("voice"), Account.tf_primary_method, AccountRole.name)
        .outerjoin(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.id == _ACCOUNT_ID)
        .order_by(AccountRole.name)
    )


def voices(account_ids: Iterable[int]) -> Select[int]:
    """The accounts that stand for these; each once."""
    return select(_VOICE).where(Account.id.in_(list(account_ids))).distinct()


@cache
def ties() -> Select[int, str, date | None]:
    """What the accounts of `voice` declared of `clinic_ids` and their chains: clinic, kind, end; in order of time."""
    other = called("ties_other", Clinic)
    return (
        select(Tie.clinic_id, Tie.kind, Tie.ends_on)
        .join(Account, Account.id == Tie.account_id)
        .join(other, other.id == Tie.clinic_id)
        .join(Clinic, are_one(Clinic, other))
        .where(Clinic.id.in_(_CLINIC_IDS), _VOICE == _BY)
        .order_by(Tie.id)
    )


def last_tie(account_id: int, clinic_id: int) -> Select[str, date | None]:
    """What an account declared last about a clinic."""
    return (
        select(Tie.kind, Tie.ends_on)
        .where(Tie.account_id == account_id, Tie.clinic_id == clinic_id)
        .order_by(Tie.id.desc())
        .limit(1)
    )


def by_email(key: str) -> Select[Account]:
    """The account with this folded address, with its roles."""
    return _whole(Account.email_key == key)


def by_uniquifier(name: str) -> Select[Account]:
    """The account that sessions and mailed links call by this name, with its roles."""
    return _whole(Account.fs_uniquifier == name)


def locked(account_id: int) -> Select[Account]:
    """One account, with its roles, which nobody else changes before this transaction ends."""
    return _whole(Account.id == account_id).with_for_update()


def _whole(condition: ColumnElement[bool]) -> Select[Account]:
    return select(Account).where(condition).options(selectinload(Account.roles))


def code_taken(account_id: int, counter: int) -> Update:
    """Note the step of a code; no row where a code of that step or a later one was taken before."""
    return (
        update(Account)
        .where(Account.id == account_id, func.coalesce(Account.tf_last_counter, -1) < counter)
        .values(tf_last_counter=counter)
    )


def renamed(account_id: int, old: str | None, new: str) -> Update:
    """Give an account the name `new` in sessions and links, if it still has the name `old`."""
    statement = update(Account).where(Account.id == account_id, Account.fs_uniquifier == old)
    return statement.values(fs_uniquifier=new)
