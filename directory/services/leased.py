"""The lease that stands in the row of a review, and what it keeps others from."""

from datetime import datetime

from directory.domain.errors import Conflict
from directory.domain.labels import N_
from directory.domain.leases import Lease
from directory.models import Review
from directory.services.audit import in_utc

_OPEN_ELSEWHERE = N_("Another moderator has this review open until %(time)s UTC. Take the next one meanwhile.")


def lease_of(review: Review) -> Lease | None:
    """Return the lease of a review, whether it still holds or not; None where nobody took it."""
    if review.claimed_by_id is None or review.claimed_at is None or review.claim_until is None:
        return None
    return Lease(review.claimed_by_id, in_utc(review.claimed_at), in_utc(review.claim_until))


def refuse_if_open_elsewhere(review: Review, moderator_id: int, at: datetime) -> None:
    """Raise Conflict, saying until when but not who, where another moderator holds a review at that moment."""
    lease = lease_of(review)
    if lease and lease.keeps_out(moderator_id, at):
        raise Conflict(_OPEN_ELSEWHERE, time=lease.until.strftime("%H:%M"))
