"""Leases: for how long an item is one moderator's to decide (design MODERATION, 1.2 and 1.7), and what is promised."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LENGTH = timedelta(minutes=15)
#: A lease is renewed up to so long after it was first taken.
LONGEST = timedelta(minutes=60)
#: Within this time a review is decided; what waits longer is shown as over it.
PROMISED = timedelta(days=14)
#: So long what comes back with changes is kept for whoever asked for them; then it is anybody's to take.
KEPT_FOR_WHO_ASKED = timedelta(days=2)


@dataclass(frozen=True)
class Lease:
    """Who has an item open, since when, and until when; moments in UTC."""

    holder_id: int
    since: datetime
    until: datetime

    def is_live(self, at: datetime) -> bool:
        """Whether it still holds; nothing ends it but time and its holder."""
        return at < self.until

    def is_of(self, holder_id: int, at: datetime) -> bool:
        """Whether it holds, and is theirs."""
        return self.is_live(at) and self.holder_id == holder_id

    def keeps_out(self, other_id: int, at: datetime) -> bool:
        """Whether it holds, and is somebody else's."""
        return self.is_live(at) and self.holder_id != other_id


def taken(holder_id: int, at: datetime) -> Lease:
    """Return a lease that begins at `at`."""
    return Lease(holder_id, at, at + LENGTH)


def renewed(lease: Lease, at: datetime) -> Lease:
    """Return the lease prolonged from `at`, never past an hour after it began and never shortened."""
    return Lease(lease.holder_id, lease.since, max(lease.until, min(at + LENGTH, lease.since + LONGEST)))


def is_over_time(since: datetime, at: datetime) -> bool:
    """Whether what waits since then has waited longer than was promised."""
    return at - since > PROMISED
