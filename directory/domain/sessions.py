"""How long a browser stays signed in (design SECURITY, 18)."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Lifetime:
    """A session ends when nothing was done in it for `idle`, and in any case after `absolute`."""

    idle: timedelta
    absolute: timedelta


STAFF = Lifetime(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
REVIEWER = Lifetime(idle=timedelta(days=14), absolute=timedelta(days=14))
#: `seen_at` is written no more often than this: a page of private things costs no write of its own.
SEEN_EVERY = timedelta(minutes=1)


def is_live(*, began: datetime, seen: datetime, at: datetime, is_staff: bool) -> bool:
    """Whether a session that was not revoked is still good; moments in UTC."""
    lifetime = STAFF if is_staff else REVIEWER
    return at - seen < lifetime.idle and at - began < lifetime.absolute
