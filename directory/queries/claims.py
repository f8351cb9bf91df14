"""Reads and changes of leases. Each change names what must still stand, so that of two at once one finds nothing."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, Update, or_, select, update

from directory.domain.leases import Lease
from directory.domain.moderation import ReviewStatus
from directory.models import Account, Clinic, Review
from directory.queries.abuse import held_until
from directory.queries.queue import follows, is_of, may_decide

_NOBODY = {"claimed_by_id": None, "claimed_at": None, "claim_until": None}
#: Nobody reads the row again in that transaction; and in memory SQLite's moments could not be compared.
_UNREAD = {"synchronize_session": False}


def claimed(review_id: int, lease: Lease, at: datetime) -> Update:
    """Take a review that waits and that nobody else holds at that moment."""
    return (
        update(Review)
        .where(Review.id == review_id, is_of(ReviewStatus.SUBMITTED), is_free(at))
        .values(claimed_by_id=lease.holder_id, claimed_at=lease.since, claim_until=lease.until)
        .execution_options(**_UNREAD)
    )


def prolonged(review_id: int, lease: Lease, at: datetime) -> Update:
    """Prolong the lease of its holder, while it holds."""
    return (
        update(Review)
        .where(Review.id == review_id, Review.claimed_by_id == lease.holder_id, Review.claim_until > at)
        .values(claim_until=lease.until)
        .execution_options(**_UNREAD)
    )


def released(review_id: int, holder_id: int) -> Update:
    """End the lease of its holder, whether it still holds or not."""
    theirs = update(Review).where(Review.id == review_id, Review.claimed_by_id == holder_id)
    return theirs.values(**_NOBODY).execution_options(**_UNREAD)


def next_free(for_voice: int, at: datetime, *, after: tuple[datetime, int] | None, but: str) -> Select[Review]:
    """The review that waits longest of those that somebody may decide, nobody holds, and follow `after`; not `but`.

    The row is locked until the transaction ends; one that is being taken at this very moment is passed over.
    """
    statement = (
        select(Review)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .join(Account, Account.id == Review.author_id)
        .where(is_of(ReviewStatus.SUBMITTED), is_free(at), may_decide(for_voice, at.date()))
        .where(Review.public_id != but, held_until(at.date()).is_(None))
        .order_by(Review.submitted_at, Review.id)
        .limit(1)
        .with_for_update(of=Review, skip_locked=True)
    )
    return statement if after is None else statement.where(follows(*after))


def is_free(at: datetime) -> ColumnElement[bool]:
    """Nobody holds it at that moment."""
    return or_(Review.claimed_by_id.is_(None), Review.claim_until <= at)
