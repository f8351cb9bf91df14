"""Claims: a moderator takes a review for a quarter of an hour, keeps it, gives it back, or takes the next."""

from datetime import datetime
from typing import Any

from sqlalchemy import Update
from sqlalchemy.orm import Session

from directory.domain import leases
from directory.domain.access import SENTENCES, Permission, refusal
from directory.domain.errors import Conflict, Forbidden, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.leases import Lease
from directory.domain.moderation import ReviewStatus
from directory.extensions import writing
from directory.models import Review
from directory.queries import claims as queries
from directory.queries import reviews
from directory.services import access, moderation
from directory.services.leased import lease_of, refuse_if_open_elsewhere

_NO_SUCH = N_("There is no such review for you to decide.")
_DECIDED = N_("This review does not wait for a decision any more.")
_RAN_OUT = N_("Your claim has run out. Claim the review again.")
_TAKEN = N_("Another moderator took this review a moment ago. Take the next one meanwhile.")


def claim(review_id: str, *, moderator_id: int, at: datetime) -> datetime:
    """Take a review for a quarter of an hour and return until when; a no-op where one holds it already.

    Raises NotFound, Forbidden as a decision on it does, and Conflict where it does not wait or somebody else has it.
    """
    with writing() as session:
        review = _reviewed(session, review_id)
        who = access.require(session, Permission.DECIDE, moderator_id, moderation.about(session, review), at=at)
        refuse_if_open_elsewhere(review, who.account_id, at)
        held = lease_of(review)
        if held and held.is_live(at):
            return held.until
        return _take(session, review, leases.taken(moderator_id, at), at)


def renew(review_id: str, *, moderator_id: int, at: datetime) -> datetime:
    """Prolong one's own claim, to an hour after it began at the most, and return until when.

    Raises NotFound, and Conflict where one does not hold it any more.
    """
    with writing() as session:
        review = _reviewed(session, review_id)
        held = lease_of(review)
        if held is None or not held.is_of(moderator_id, at):
            raise Conflict(_RAN_OUT)
        longer = leases.renewed(held, at)
        _change(session, queries.prolonged(review.id, longer, at), _RAN_OUT)
        return longer.until


def release(review_id: str, *, moderator_id: int) -> None:
    """Give a review back; a no-op where one does not hold it."""
    with writing() as session:
        session.execute(queries.released(_reviewed(session, review_id).id, moderator_id))


def take_next(*, moderator_id: int, at: datetime, after: str = "") -> str | None:
    """Claim the review that waits longest of those that one may decide and nobody holds, and return its public id.

    With `after` it is one that waits behind that review, or the first of all where none does; a claim on that one is
    given back. None where nothing waits. Raises Forbidden for somebody without the role.
    """
    with writing() as session:
        who = access.actor(session, moderator_id)
        if refused := refusal(who, Permission.DECIDE):
            raise Forbidden(SENTENCES[refused])
        left = session.scalar(reviews.by_public_id(after)) if is_public_id(after) else None
        if left is not None:
            session.execute(queries.released(left.id, moderator_id))
        found = _free(session, who.voice, at, left)
        if found is None:
            return None
        _take(session, found, leases.taken(moderator_id, at), at)
        return found.public_id


def _free(session: Session, voice: int, at: datetime, left: Review | None) -> Review | None:
    if left is None or left.submitted_at is None:
        return session.scalar(queries.next_free(voice, at, after=None, but=""))
    place = (left.submitted_at, left.id)
    behind = session.scalar(queries.next_free(voice, at, after=place, but=left.public_id))
    return behind or session.scalar(queries.next_free(voice, at, after=None, but=left.public_id))


def _reviewed(session: Session, review_id: str) -> Review:
    review = session.scalar(reviews.by_public_id(review_id)) if is_public_id(review_id) else None
    if review is None or review.status == ReviewStatus.DRAFT:
        raise NotFound(_NO_SUCH)
    return review


def _take(session: Session, review: Review, lease: Lease, at: datetime) -> datetime:
    if review.status != ReviewStatus.SUBMITTED:
        raise Conflict(_DECIDED)
    _change(session, queries.claimed(review.id, lease, at), _TAKEN)
    return lease.until


def _change(session: Session, statement: Update, otherwise: str) -> None:
    changed: Any = session.execute(statement)
    if changed.rowcount != 1:
        raise Conflict(otherwise)
