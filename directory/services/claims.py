"""Claims: a moderator takes an item for a quarter of an hour, keeps it, gives it back, or takes the next."""

from datetime import datetime
from typing import Any

from sqlalchemy import Update
from sqlalchemy.orm import Session

from directory.domain import leases, revisions
from directory.domain.access import SENTENCES, Actor, Permission, refusal
from directory.domain.errors import Conflict, Forbidden, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.leases import Lease
from directory.domain.moderation import ReviewStatus
from directory.domain.waiting import Item, ItemKind, Place
from directory.extensions import writing
from directory.models import Review, Revision
from directory.queries import claims as queries
from directory.queries import queue
from directory.services import access, moderation, suggested
from directory.services.audit import in_utc
from directory.services.leased import lease_of, refuse_if_open_elsewhere

_NO_SUCH = {
    ItemKind.REVIEW: N_("There is no such review for you to decide."),
    ItemKind.LISTING: N_("There is no such suggestion for you to decide."),
}
_DECIDED = {
    ItemKind.REVIEW: N_("This review does not wait for a decision any more."),
    ItemKind.LISTING: N_("This suggestion does not wait for a decision any more."),
}
_RAN_OUT = {
    ItemKind.REVIEW: N_("Your claim has run out. Claim the review again."),
    ItemKind.LISTING: N_("Your claim has run out. Claim the suggestion again."),
}
_TAKEN = {
    ItemKind.REVIEW: N_("Another moderator took this review a moment ago. Take the next one meanwhile."),
    ItemKind.LISTING: N_("Another moderator took this suggestion a moment ago. Take the next one meanwhile."),
}


def claim(public_id: str, *, moderator_id: int, at: datetime, kind: ItemKind = ItemKind.REVIEW) -> datetime:
    """Take a review or suggestion for a quarter of an hour and return until when; a no-op where one holds it already.

    Raises NotFound, Forbidden as a decision on it does, and Conflict where it does not wait or somebody else has it.
    """
    with writing() as session:
        item = _handed_in(session, kind, public_id)
        who = _allowed(session, item, moderator_id, at)
        refuse_if_open_elsewhere(item, who.account_id, at)
        held = lease_of(item)
        if held and held.is_live(at):
            return held.until
        return _take(session, kind, item, leases.taken(moderator_id, at), at)


def renew(public_id: str, *, moderator_id: int, at: datetime, kind: ItemKind = ItemKind.REVIEW) -> datetime:
    """Prolong one's own claim, to an hour after it began at the most, and return until when.

    Raises NotFound, and Conflict where one does not hold it any more.
    """
    with writing() as session:
        item = _handed_in(session, kind, public_id)
        held = lease_of(item)
        if held is None or not held.is_of(moderator_id, at):
            raise Conflict(_RAN_OUT[kind])
        longer = leases.renewed(held, at)
        _change(session, queries.prolonged(kind, item.id, longer, at), _RAN_OUT[kind])
        return longer.until


def release(public_id: str, *, moderator_id: int, kind: ItemKind = ItemKind.REVIEW) -> None:
    """Give a review or suggestion back; a no-op where one does not hold it."""
    with writing() as session:
        session.execute(queries.released(kind, _handed_in(session, kind, public_id).id, moderator_id))


def take_next(*, moderator_id: int, at: datetime, after: str = "") -> Item | None:
    """Claim what waits longest of all that one may decide and nobody holds, and return what it is.

    What came back with changes to whoever asked for them is theirs first, and for two days theirs alone. With `after`
    it is what waits behind the item of that public id, or the first of all where nothing does; a claim on
    that one is given back. None where nothing waits. Raises Forbidden for somebody without the role.
    """
    with writing() as session:
        who = access.actor(session, moderator_id)
        if refused := refusal(who, Permission.DECIDE):
            raise Forbidden(SENTENCES[refused])
        after = after if is_public_id(after) else ""
        left = place_of(session, after)
        if left is not None:
            session.execute(queries.released(left.kind, left.id, moderator_id))
        # Once more from the first, where one left the last of them.
        starts = (left, None) if left else (None,)
        ways = (_free(session, who.voice, at, after=start, but=after) for start in starts)
        found = (None if after else _back(session, who.voice, at)) or next((each for each in ways if each), None)
        if found is None:
            return None
        kind, item = found
        _take(session, kind, item, leases.taken(moderator_id, at), at)
        return Item(kind, item.public_id)


def _back(session: Session, voice: int, at: datetime) -> tuple[ItemKind, Review | Revision] | None:
    item = session.scalar(queries.for_taking(ItemKind.REVIEW, queries.first_back(voice, at)))
    return (ItemKind.REVIEW, item) if item else None


def place_of(session: Session, public_id: str) -> Place | None:
    """Return where an item stands in the queue, by one statement; None for what is not there or never handed in."""
    row = session.execute(queue.place(public_id)).one_or_none() if is_public_id(public_id) else None
    return Place(in_utc(row.since), ItemKind(row.kind), row.id) if row and row.since else None


def _free(
    session: Session, voice: int, at: datetime, *, after: Place | None, but: str
) -> tuple[ItemKind, Review | Revision] | None:
    """Return what is free, its row locked; where somebody takes the oldest just now, the next of its kind."""
    for row in session.execute(queries.first_free(voice, at, after=after, but=but)).all():
        kind = ItemKind(row.kind)
        wanted = queries.for_taking(kind, queries.next_free(kind, voice, at, after=after, but=but))
        if (item := session.scalar(wanted)) is not None:
            return kind, item
    return None


def _handed_in(session: Session, kind: ItemKind, public_id: str) -> Review | Revision:
    item = session.scalar(queries.by_public_id(kind, public_id)) if is_public_id(public_id) else None
    if item is None or item.status == ReviewStatus.DRAFT:
        raise NotFound(_NO_SUCH[kind])
    found: Review | Revision = item
    return found


def _allowed(session: Session, item: Review | Revision, moderator_id: int, at: datetime) -> Actor:
    if isinstance(item, Review):
        return access.require(session, Permission.DECIDE, moderator_id, moderation.about(session, item), at=at)
    who = access.require(session, Permission.DECIDE_LISTING, moderator_id, suggested.about(session, item), at=at)
    suggested.refuse_who_agreed(session, item, who)
    return who


def _take(session: Session, kind: ItemKind, item: Review | Revision, lease: Lease, at: datetime) -> datetime:
    if item.status not in {ReviewStatus.SUBMITTED, *revisions.WAITING}:
        raise Conflict(_DECIDED[kind])
    _change(session, queries.claimed(kind, item.id, lease, at), _TAKEN[kind])
    return lease.until


def _change(session: Session, statement: Update, otherwise: str) -> None:
    changed: Any = session.execute(statement)
    if changed.rowcount != 1:
        raise Conflict(otherwise)
