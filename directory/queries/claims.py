"""Reads and changes of leases. Each change names what must still stand, so that of two at once one finds nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, literal, or_, select, union_all, update

from directory.domain.leases import Lease
from directory.domain.waiting import ItemKind, Place
from directory.models import Account, Clinic, Review
from directory.queries.abuse import held_until
from directory.queries.queue import MODELS, Decided, follows, may_decide, waits
from directory.queries.returned import came_back_to, kept_for_another

_NOBODY = {"claimed_by_id": None, "claimed_at": None, "claim_until": None}
#: Nobody reads the row again in that transaction; and in memory SQLite's moments could not be compared.
_UNREAD = {"synchronize_session": False}


def by_public_id(kind: ItemKind, public_id: str) -> Select[Any]:
    """What is decided on and has this public id, of any status."""
    model: Any = MODELS[kind]
    statement: Select[Any] = select(model).where(model.public_id == public_id)
    return statement


def claimed(kind: ItemKind, item_id: int, lease: Lease, at: datetime) -> Update:
    """Take what waits and what nobody else holds at that moment."""
    model = MODELS[kind]
    return (
        update(model)
        .where(model.id == item_id, waits(model), is_free(model, at))
        .values(claimed_by_id=lease.holder_id, claimed_at=lease.since, claim_until=lease.until)
        .execution_options(**_UNREAD)
    )


def prolonged(kind: ItemKind, item_id: int, lease: Lease, at: datetime) -> Update:
    """Prolong the lease of its holder, while it holds."""
    model = MODELS[kind]
    return (
        update(model)
        .where(model.id == item_id, model.claimed_by_id == lease.holder_id, model.claim_until > at)
        .values(claim_until=lease.until)
        .execution_options(**_UNREAD)
    )


def released(kind: ItemKind, item_id: int, holder_id: int) -> Update:
    """End the lease of its holder, whether it still holds or not."""
    model = MODELS[kind]
    theirs = update(model).where(model.id == item_id, model.claimed_by_id == holder_id)
    return theirs.values(**_NOBODY).execution_options(**_UNREAD)


def first_free(for_voice: int, at: datetime, *, after: Place | None, but: str) -> Select[str, int]:
    """Kind and id of what waits longest of each kind of all that is free to somebody, the longest waiting first."""
    each = [next_free(kind, for_voice, at, after=after, but=but).subquery() for kind in MODELS]
    both = union_all(
        *(
            select(found.c.submitted_at, literal(kind.value).label("kind"), found.c.id)
            for kind, found in zip(MODELS, each, strict=True)
        )
    ).subquery()
    return select(both.c.kind, both.c.id).order_by(both.c.submitted_at, both.c.kind)


def next_free(kind: ItemKind, for_voice: int, at: datetime, *, after: Place | None, but: str) -> Select[Any]:
    """What waits longest of one kind of all that somebody may decide, nobody holds, and follows `after`; not `but`."""
    model: Any = MODELS[kind]
    statement: Select[Any] = (
        select(model)
        .join(Clinic, Clinic.id == model.clinic_id)
        .join(Account, Account.id == model.author_id)
        .where(waits(model), is_free(model, at), may_decide(for_voice, at.date(), model), model.public_id != but)
        .order_by(model.submitted_at, model.id)
        .limit(1)
    )
    if model is Review:
        statement = statement.where(held_until(at.date()).is_(None), ~kept_for_another(for_voice, at))
    return statement if after is None else statement.where(follows(model, after))


def first_back(for_voice: int, at: datetime) -> Select[Any]:
    """The review that waits longest of those that came back to somebody who had asked for changes."""
    found = next_free(ItemKind.REVIEW, for_voice, at, after=None, but="")
    return found.where(came_back_to(for_voice))


def for_taking(kind: ItemKind, statement: Select[Any]) -> Select[Any]:
    """Lock the row until the transaction ends; one that is being taken at this very moment is passed over."""
    return statement.with_for_update(of=MODELS[kind], skip_locked=True)


def is_free(model: Decided, at: datetime) -> ColumnElement[bool]:
    """Nobody holds it at that moment."""
    return or_(model.claimed_by_id.is_(None), model.claim_until <= at)
