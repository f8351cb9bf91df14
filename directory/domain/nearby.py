"""What a seeker may wish of a search around a place, and how far to look for a page of it."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from directory.domain.folding import fold
from directory.domain.labels import N_

SMALLEST_RADIUS_MILES, LARGEST_RADIUS_MILES = 1, 100
OFFERED_RADII_MILES = (5, 10, 25, 50, 100)
DEFAULT_RADIUS_MILES = 25
DEFAULT_LIMIT, LARGEST_LIMIT = 20, 100
#: Each word is looked for in every clinic of the circle.
MOST_WORDS = 8
#: How many warning signs there are to be checked for.
SIGNS = 5
#: Counting stops here; more is shown as "1,000+".
COUNT_CAP = 1000

_PAGES_IN_ONE_LOOK = 10
_FIRST_LOOK_MILES = 2.0
#: A circle that should hold 1.5 pages seldom comes back with less than one.
_SPARE = 1.5


class Order(StrEnum):
    """How results are ordered; a tie goes to the listing that was entered first.

    SIGNS puts the higher worst case first, then more settled signs, then fewer points of confirmed ones, then the
    nearer clinic, so that one of which nothing is settled never stands before one of which something is.
    """

    DISTANCE = "distance"
    SIGNS = "signs"
    NAME = "name"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _ORDER_LABELS[self]


_ORDER_LABELS = {
    Order.DISTANCE: N_("Nearest first"),
    Order.SIGNS: N_("Fewest warning signs first"),
    Order.NAME: N_("By name, A to Z"),
}


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """A radius in whole miles, an order, and words that name or city must hold.

    `facets` are the bits of domain.facets of what a clinic must have said: of each group in which some are set, one.
    `without_confirmed` leaves out clinics with a confirmed warning sign, `checked_at_least` those of which fewer
    signs are settled, that is confirmed or cleared.
    """

    radius_miles: int = DEFAULT_RADIUS_MILES
    order: Order = Order.DISTANCE
    words: str = ""
    facets: int = 0
    without_confirmed: bool = False
    checked_at_least: int = 0
    limit: int = DEFAULT_LIMIT

    @property
    def folded_words(self) -> list[str]:
        """The words as they stand in a clinic's search text, each once, in the order in which they were typed."""
        return folded_words(self.words)

    @property
    def has_filters(self) -> bool:
        """Whether anything but the radius narrows the results."""
        return bool(self.facets or self.folded_words or self.without_confirmed or self.checked_at_least)


def folded_words(text: str) -> list[str]:
    """Return the words of `text` as a search looks for them, each once; none where it holds no letter and no digit."""
    return list(dict.fromkeys(fold(text).split()))


class Position(NamedTuple):
    """The last row of a page: what it was ordered by (rank, then squared chord in square miles or folded name; id).

    The rank is 0 in an order that has none. `shown` counts the rows up to and with it, so that the next page goes on
    with its numbers.
    """

    rank: int
    key: float | str
    id: int
    shown: int


START = {
    Order.DISTANCE: Position(0, -1.0, 0, 0),
    Order.SIGNS: Position(0, -1.0, 0, 0),
    Order.NAME: Position(0, "", 0, 0),
}


class Count(NamedTuple):
    """How many clinics match; when `is_capped` there are more than `total`."""

    total: int
    is_capped: bool


def capped(counted: int) -> Count:
    """Return the Count for `counted` rows, of which at most COUNT_CAP + 1 were looked at."""
    return Count(min(counted, COUNT_CAP), counted > COUNT_CAP)


def looks(wishes: Wishes, count: Count, after_miles: float = 0.0) -> list[float]:
    """Return the radii, in miles, to look through in turn until a page is full: at most three, the whole one last.

    Few results are read in one look. Of many, a small circle that should hold the page is tried first, then one of
    twice its radius; `after_miles` is how far the pages before this one have come. Zero results need no look.
    """
    if count.total == 0:
        return []
    whole = float(wishes.radius_miles)
    if not count.is_capped and count.total <= _PAGES_IN_ONE_LOOK * wishes.limit:
        return [whole]
    likely = whole * math.sqrt(_SPARE * wishes.limit / count.total)
    guesses = (_FIRST_LOOK_MILES if count.is_capped else likely, 2 * likely)
    return [
        *sorted(radius for radius in (math.hypot(after_miles, guess) for guess in guesses) if radius < whole),
        whole,
    ]
