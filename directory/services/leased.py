"""The lease that stands in the row of a review or a suggestion, and what it keeps others from."""

from datetime import datetime

from directory.domain.errors import Conflict
from directory.domain.labels import N_
from directory.domain.leases import Lease
from directory.models import Review, Revision
from directory.services.audit import in_utc

_OPEN_ELSEWHERE = {
    Review: N_("Another moderator has this review open until %(time)s UTC. Take the next one meanwhile."),
    Revision: N_("Another moderator has this suggestion open until %(time)s UTC. Take the next one meanwhile."),
}


def lease_of(item: Review | Revision) -> Lease | None:
    """Return the lease of a review or suggestion, whether it still holds or not; None where nobody took it."""
    if item.claimed_by_id is None or item.claimed_at is None or item.claim_until is None:
        return None
    return Lease(item.claimed_by_id, in_utc(item.claimed_at), in_utc(item.claim_until))


def live_lease_of(item: Review | Revision, at: datetime) -> Lease | None:
    """Return the lease of a review or suggestion that holds at that moment; None where none does."""
    lease = lease_of(item)
    return lease if lease and lease.is_live(at) else None


def refuse_if_open_elsewhere(item: Review | Revision, moderator_id: int, at: datetime) -> None:
    """Raise Conflict, saying until when but not who, where another moderator holds it at that moment."""
    lease = lease_of(item)
    if lease and lease.keeps_out(moderator_id, at):
        raise Conflict(_OPEN_ELSEWHERE[type(item)], time=lease.until.strftime("%H:%M"))
