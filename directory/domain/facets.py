"""What results are narrowed by: groups of choices, packed into one number a clinic, and how often each would fit.

Within a group any of the choices asked for will do, and each group that asks for something must fit. What nobody has
said of a clinic is in no group, so it never fits. The places of the bits are those in the database: a vocabulary may
grow into the room that its group has, and nothing may move.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_, or_
from typing import Any, NamedTuple

from directory.domain.labels import N_
from directory.domain.nearby import SIGNS, Wishes
from directory.domain.profile import (
    ACCEPTS,
    CONDITIONS,
    INSURANCE,
    PAYMENT_HELP,
    PSYCHOTHERAPY,
    ROUTES,
    SETTINGS,
    Term,
    mask,
    terms,
)


class Group(NamedTuple):
    """A group of choices: its name in the address, the fact it is about, its bits from `shift` on, and its label."""

    name: str
    field: str
    shift: int
    choices: Sequence[Term]
    label: str

    @property
    def all(self) -> int:
        """The bits of all of its choices."""
        return ((1 << len(self.choices)) - 1) << self.shift


#: A price counts under each of these that it does not exceed.
PRICES = (
    Term("200", N_("Up to $200")),
    Term("300", N_("Up to $300")),
    Term("400", N_("Up to $400")),
    Term("500", N_("Up to $500")),
    Term("600", N_("Up to $600")),
    Term("800", N_("Up to $800")),
    Term("1000", N_("Up to $1,000")),
)
GROUPS = (
    Group("route", "routes", 0, ROUTES, N_("Form of treatment")),
    Group("setting", "settings", 8, SETTINGS, N_("Where treatment takes place")),
    Group("condition", "conditions", 16, CONDITIONS, N_("Clinic says it treats")),
    Group("therapy", "psychotherapy", 32, PSYCHOTHERAPY, N_("Psychotherapy")),
    Group("insurance", "insurance", 38, INSURANCE, N_("Insurance")),
    Group("payment", "payment_help", 44, PAYMENT_HELP, N_("Help with payment")),
    Group("accepts", "accepts", 50, ACCEPTS, N_("Who can come")),
    Group("price", "price_min", 56, PRICES, N_("Lowest price a session")),
)
#: What follows the 64 bits of the packed number where clinics are counted: a bit for each number of signs that may be
#: settled, and one that is set where none is confirmed. So many hexadecimal digits are written of a clinic.
SETTLED_SHIFT, UNCONFIRMED_SHIFT, DIGITS = 64, 70, 18
#: The groups of what was found, beside those of what was said.
CHECKED, NO_CONFIRMED = "checked", "no_confirmed"

#: Group → choice → clinics in the circle that would be shown with it, all other groups as they are.
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Tally:
    """How many clinics fit, and how many would with each choice."""

    total: int
    counts: Counts


def packed(columns: Mapping[str, Any]) -> int:
    """Return the one number of a clinic with these columns; 0 where nobody has said anything."""
    said = {**columns, "price_min": _prices(columns["price_min"])}
    return sum(said[group.field] << group.shift for group in GROUPS)


def asked(words: Mapping[str, Iterable[str]]) -> int:
    """Return the bits of the words chosen of each group; raises ValueError for one that its group does not have."""
    return sum(mask(group.choices, words.get(group.name, ())) << group.shift for group in GROUPS)


def chosen(group: Group, bits: int) -> list[Term]:
    """Return the choices of a group that `bits` holds, in the order of its vocabulary."""
    return terms(group.choices, (bits & group.all) >> group.shift)


def tally(written: str, wishes: Wishes) -> Tally:
    """Return how many of the clinics fit the wishes, and how many would with each choice.

    `written` has DIGITS hexadecimal digits of each clinic, in any order. All clinics are one long number here, and a
    question about one bit of each is one operation on it: 10,000 clinics take some six milliseconds.
    """
    clinics = _Clinics(written)
    fits = {name: clinics.having(bits) for name, bits in _narrowing(wishes) if bits}
    counts = {}
    for name, choices in _choices().items():
        others = clinics.all_of(fits[other] for other in fits if other != name)
        counts[name] = {word: (clinics.having(bits) & others).bit_count() for word, bits in choices.items()}
    return Tally(clinics.all_of(fits.values()).bit_count(), counts)


class _Clinics:
    """Clinics side by side in one number; an answer about them is a number with one bit a clinic."""

    def __init__(self, written: str) -> None:
        self._bits = int(written or "0", 16)
        self._each = int("1".zfill(DIGITS) * (len(written) // DIGITS) or "0", 16)

    def having(self, bits: int) -> int:
        """Answer which of them have any of these bits."""
        return reduce(or_, (self._bits >> place for place in _places(bits)), 0) & self._each

    def all_of(self, answers: Iterable[int]) -> int:
        """Answer to which of them all answers are yes; of no question all."""
        return reduce(and_, answers, self._each)


def _prices(lowest: int | None) -> int:
    known = [] if lowest is None else [term.word for term in PRICES if lowest <= int(term.word)]
    return mask(PRICES, known)


def _narrowing(wishes: Wishes) -> Iterator[tuple[str, int]]:
    yield from ((group.name, wishes.facets & group.all) for group in GROUPS)
    yield CHECKED, _choices()[CHECKED].get(str(wishes.checked_at_least), 0)
    yield NO_CONFIRMED, _choices()[NO_CONFIRMED]["1"] if wishes.without_confirmed else 0


@cache
def _choices() -> Mapping[str, Mapping[str, int]]:
    """Return the bits of each choice, any of which will do, by group and word."""
    said = {group.name: {term.word: asked({group.name: [term.word]}) for term in group.choices} for group in GROUPS}
    at_least = {str(least): sum(1 << SETTLED_SHIFT + number for number in range(least, SIGNS + 1))
                for least in range(1, SIGNS + 1)}  # fmt: skip
    return said | {CHECKED: at_least, NO_CONFIRMED: {"1": 1 << UNCONFIRMED_SHIFT}}


def _places(bits: int) -> Iterator[int]:
    return (place for place in range(bits.bit_length()) if bits >> place & 1)
