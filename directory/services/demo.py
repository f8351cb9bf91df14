"""The demonstration: about 500 invented clinics, the same on every machine and in every run."""

from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TypeVar

from directory.domain.folding import slug
from directory.domain.geo import Point
from directory.domain.listings import Listing
from directory.domain.profile import ListingStatus, PointPrecision
from directory.services import demo_words as words
from directory.services.clinics import Recorded, record
from directory.services.demo_cities import LARGEST_CITIES, METROPOLITAN_CITIES, Town, towns_around
from directory.services.demo_reviews import tell

SOURCE = "demo"
SOURCE_TITLE = "Demonstration (invented)"

_Choice = TypeVar("_Choice")

_IN_A_LARGEST_CITY = 5
_IN_A_SECOND_CITY = 4
_MORE_IN_A_METROPOLIS = 4
#: So many clinics of each city are always published and on the map; each has a story.
_ALWAYS_FOUND, _FOUND_IN_A_METROPOLIS = 4, 8
_PUBLIC_ID_BYTES = 9
_STATUSES = (ListingStatus.CLOSED, ListingStatus.PROPOSED, *[ListingStatus.PUBLISHED] * 10)


@dataclass(frozen=True)
class Loaded:
    """What a call of load() wrote: clinics, and of how many of them the story was told."""

    clinics: Recorded
    stories: int


def load(*, today: date, on_progress: Callable[[int], None] = lambda _count: None) -> Loaded:
    """Write the invented clinics and what happened to them in the year before `today`; a second call writes nothing.

    The caller makes sure that DEMO=1. `on_progress` is told how many more stories are done.
    """
    recorded = record(listings())
    return Loaded(recorded, tell(heroes(), today=today, on_progress=on_progress))


def heroes() -> dict[str, int]:
    """Return the public ids of the clinics that have a story, with their number in their city, from 1."""
    return {_public_id(seat): seat.number for seat in _seats() if seat.is_always_found}


def listings() -> list[Listing]:
    """Return the invented clinics by state, city and number; four of each city are published and on the map."""
    seats = list(_seats())
    towns = towns_around({(seat.state, seat.city) for seat in seats})
    return [_listing(place, seat, towns[seat.state, seat.city]) for place, seat in enumerate(seats)]


@dataclass(frozen=True)
class _Seat:
    """The `number`-th clinic, from 1, of the `count` around a city."""

    state: str
    city: str
    number: int
    count: int

    @property
    def key(self) -> str:
        return f"{self.state} {self.city} {self.number}"

    @property
    def is_always_found(self) -> bool:
        return self.number <= (_FOUND_IN_A_METROPOLIS if self._is_in_a_metropolis else _ALWAYS_FOUND)

    @property
    def is_off_the_map(self) -> bool:
        return self._is_in_a_metropolis and self.number == self.count

    @property
    def _is_in_a_metropolis(self) -> bool:
        return (self.state, self.city) in METROPOLITAN_CITIES


@dataclass(frozen=True)
class _Lot:
    """Draws that hang on the clinic's key alone, so that a new city in the table changes no other clinic's facts."""

    key: str

    def number(self, what: str, below: int) -> int:
        return _number(f"{self.key} {what}") % below

    def pick(self, what: str, choices: Sequence[_Choice]) -> _Choice:
        return choices[self.number(what, len(choices))]

    def is_drawn(self, what: str, percent: int) -> bool:
        return self.number(what, 100) < percent


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")


def _seats() -> Iterator[_Seat]:
    counts = Counter[tuple[str, str]]()
    for state, (largest, *second) in LARGEST_CITIES.items():
        counts[state, largest] += _IN_A_LARGEST_CITY
        for city in second:
            counts[state, city] += _IN_A_SECOND_CITY
    for city_and_state in METROPOLITAN_CITIES:
        counts[city_and_state] += _MORE_IN_A_METROPOLIS
    for (state, city), count in counts.items():
        for number in range(1, count + 1):
            yield _Seat(state, city, number, count)


def _listing(place: int, seat: _Seat, towns: Sequence[Town]) -> Listing:
    lot = _Lot(seat.key)
    town = towns[0] if seat.number == 1 else lot.pick("town", towns)
    name = _name(place, lot)
    point = None if seat.is_off_the_map else _point(town, lot)
    return Listing(
        source=SOURCE,
        source_key=seat.key,
        source_title=SOURCE_TITLE,
        seen_on=date(2026, 10, 1 + lot.number("day", 31)),
        name=name,
        address=f"{20 + lot.number('house', 900)} {lot.pick('street', words.STREETS)}",
        city=town.city,
        state=town.state,
        postal_code=town.postal_code,
        phone=_phone(town, lot) if lot.is_drawn("phone", 85) else None,
        website=f"https://{slug(name)}.example/" if seat.is_always_found or lot.is_drawn("website", 80) else None,
        contact_email=f"desk@{slug(name)}.example" if lot.is_drawn("contact", 40) else None,
        organisation=lot.pick("chain", words.CHAINS) if lot.is_drawn("chained", 8) else None,
        routes=lot.pick("routes", words.ROUTE_MASKS),
        settings=lot.pick("settings", words.SETTING_MASKS),
        conditions=lot.pick("conditions", words.CONDITION_MASKS),
        psychotherapy=lot.pick("psychotherapy", words.PSYCHOTHERAPY_MASKS),
        insurance=lot.pick("insurance", words.INSURANCE_MASKS),
        payment_help=lot.pick("payment_help", words.PAYMENT_HELP_MASKS),
        accepts=lot.pick("accepts", words.ACCEPTS_MASKS),
        price=lot.pick("price", words.PRICES),
        point=point,
        point_precision=PointPrecision.GIVEN if point else None,
        status=_status(seat, lot),
        public_id=_public_id(seat),
    )


def _public_id(seat: _Seat) -> str:
    return urlsafe_b64encode(sha256(seat.key.encode()).digest()[:_PUBLIC_ID_BYTES]).decode()


def _name(place: int, lot: _Lot) -> str:
    # Each turn through the first words shifts the second by one, so that no pair comes twice in 24 turns.
    turn, first = divmod(place, len(words.FIRST_WORDS))
    second = (first + turn) % len(words.SECOND_WORDS)
    return f"{words.FIRST_WORDS[first]} {words.SECOND_WORDS[second]} {lot.pick('kind', words.KINDS)}"


def _point(town: Town, lot: _Lot) -> Point:
    # Up to a hundredth of a degree from the middle of the ZIP, so that clinics of one ZIP do not stand on each other.
    north, east = (lot.number(way, 201) / 10_000 - 0.01 for way in ("north", "east"))
    return Point(round(town.point.latitude + north, 5), round(town.point.longitude + east, 5))


def _phone(town: Town, lot: _Lot) -> str:
    # 555-0100 to 555-0199 are kept for fiction (North American Numbering Plan Administrator).
    return f"+1{lot.pick('area', town.area_codes)}55501{lot.number('line', 100):02d}"


def _status(seat: _Seat, lot: _Lot) -> ListingStatus:
    is_shown = seat.is_always_found or seat.is_off_the_map
    return ListingStatus.PUBLISHED if is_shown else lot.pick("status", _STATUSES)
