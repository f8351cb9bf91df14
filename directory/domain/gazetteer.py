"""Makes the rows of the gazetteer, ZIPs and cities with their centres, from a list of postal codes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from directory.domain.centres import middle, neighbour_miles, spread_miles
from directory.domain.folding import squash
from directory.domain.geo import Point

#: One ZIP alone says nothing of the others: Ebeye (96970) would lie on Majuro, 270 miles away.
_FEWEST_FOR_A_PREFIX = 2
_LEAST_MILES = 1.0

#: The size of a name that only ZIPs of one organisation bear, such as Parcel Return Service in Washington.
SIZE_OF_AN_ORGANISATION = 1
_SIZE_OF_A_BOX = 1000
_SIZE_OF_AN_ORDINARY_ZIP = 2 * _SIZE_OF_A_BOX
_SIZE_OF_ORGANISATIONS = 500
_LARGEST_COUNTY = _SIZE_OF_ORGANISATIONS - 1

_CityKey = tuple[str, str]


class PlaceKind(StrEnum):
    """What a row of the gazetteer names."""

    ZIP = "zip"
    CITY = "city"


class PlaceOrigin(StrEnum):
    """Where a place's point comes from; only OWN is its own."""

    OWN = "own"
    CITY = "city"
    """A ZIP at 0,0 in the source: the mean of its city's other ZIPs."""
    PREFIX = "prefix"
    """A ZIP at 0,0 in the source: the mean of the ZIPs of its state with the same three first digits."""


@dataclass(frozen=True)
class PostalCode:
    """A ZIP in use: its city as the mail calls it, the city's other names, and its point, None where unknown.

    `is_standard` is false for post-office boxes and for ZIPs of one organisation, `is_unique` true for the latter.
    `county` is empty where unknown.
    """

    digits: str
    city: str
    state: str
    other_names: tuple[str, ...]
    is_standard: bool
    point: Point | None
    is_unique: bool = False
    county: str = ""


class PlaceRow(NamedTuple):
    """One row of the table `place`, in the order of its columns."""

    kind: str
    key: str
    name: str
    state: str
    latitude: float
    longitude: float
    accuracy_miles: float
    size: int
    origin: str


def chart(postal_codes: Iterable[PostalCode]) -> list[PlaceRow]:
    """Return the rows of all ZIPs and cities that can be placed, by kind, key and state.

    - ZIP: its own point; without one, its city's; else the mean of at least two ZIPs of its state with the same
      three first digits; else left out. Its accuracy is the distance to the nearest other ZIP, 1 to 50 miles: a
      ZIP reaches about half as far as that, and its centre is not exact.
    - City: the mean of its ZIPs, of the ordinary ones where there are any. Its accuracy is the larger of the root
      mean square of their distances from the mean and of their own accuracies' mean.
    - Another name of a city is a row of size 0, unless a city of the state bears it as its own.
    - The size of a city only orders choices: twice its ordinary ZIPs and once its boxes count first, then whether
      organisations there have their own ZIPs, then how many ZIPs its county has: the package knows no population,
      and post offices are the nearest thing to it.
    """
    codes = list(postal_codes)
    reaches = neighbour_miles(code.point for code in codes if code.point)
    cities = _cities(codes, reaches)
    rows = list(_zips(codes, cities, reaches))
    placed_late = {_key(row.name, row.state): row for row in rows if row.origin == PlaceOrigin.PREFIX}
    lone = [row._replace(kind=PlaceKind.CITY, key=key, size=_SIZE_OF_A_BOX) for (key, _), row in placed_late.items()]
    return sorted([*rows, *cities.values(), *lone], key=lambda row: (row.kind, row.key, row.state))


@cache
def _key(name: str, state: str) -> _CityKey:
    return squash(name), state


def _cities(codes: Iterable[PostalCode], reaches: Mapping[Point, float]) -> dict[_CityKey, PlaceRow]:
    own: dict[_CityKey, list[tuple[str, PostalCode]]] = defaultdict(list)
    second: dict[_CityKey, list[tuple[str, PostalCode]]] = defaultdict(list)
    counties: Counter[_CityKey] = Counter()
    for code in codes:
        counties[code.county, code.state] += 1
        own[_key(code.city, code.state)].append((code.city, code))
        for name in code.other_names:
            second[_key(name, code.state)].append((name, code))
    rows = {key: _city(key, named, reaches) for key, named in (second | own).items()}
    return {
        key: row._replace(size=_size([code for _, code in own[key]], counties)) if key in own else row
        for key, row in rows.items()
        if row
    }


def _size(codes: list[PostalCode], counties: Mapping[_CityKey, int]) -> int:
    unique = sum(code.is_unique for code in codes)
    if unique == len(codes):
        return SIZE_OF_AN_ORGANISATION
    ordinary = sum(code.is_standard for code in codes)
    county = max(counties[code.county, code.state] for code in codes)
    return (
        _SIZE_OF_AN_ORDINARY_ZIP * ordinary
        + _SIZE_OF_A_BOX * (len(codes) - ordinary - unique)
        + _SIZE_OF_ORGANISATIONS * bool(unique)
        + min(county, _LARGEST_COUNTY)
    )


def _city(key: _CityKey, named: list[tuple[str, PostalCode]], reaches: Mapping[Point, float]) -> PlaceRow | None:
    """Return the row of a city from its ZIPs, each with the name it gives the city; None where none has a point."""
    standard = [code.point for _, code in named if code.point and code.is_standard]
    points = standard or [code.point for _, code in named if code.point]
    if not points:
        return None
    names = Counter(name for name, _ in named)
    centre = middle(points)
    return PlaceRow(
        kind=PlaceKind.CITY,
        key=key[0],
        name=min(names, key=lambda name: (-names[name], name)),
        state=key[1],
        latitude=centre.latitude,
        longitude=centre.longitude,
        accuracy_miles=_accuracy(spread_miles(points, centre), sum(reaches[point] for point in points) / len(points)),
        size=0,
        origin=PlaceOrigin.OWN,
    )


def _zips(
    codes: Iterable[PostalCode], cities: Mapping[_CityKey, PlaceRow], reaches: Mapping[Point, float]
) -> Iterable[PlaceRow]:
    prefixes: dict[_CityKey, list[Point]] = defaultdict(list)
    for code in codes:
        if code.point:
            prefixes[code.digits[:3], code.state].append(code.point)
    for code in codes:
        city, others = cities.get(_key(code.city, code.state)), prefixes[code.digits[:3], code.state]
        if code.point:
            yield _zip(code, code.point, _accuracy(reaches[code.point]), PlaceOrigin.OWN)
        elif city:
            yield _zip(code, Point(city.latitude, city.longitude), city.accuracy_miles, PlaceOrigin.CITY)
        elif len(others) >= _FEWEST_FOR_A_PREFIX:
            centre = middle(others)
            yield _zip(code, centre, _accuracy(spread_miles(others, centre)), PlaceOrigin.PREFIX)


def _zip(code: PostalCode, point: Point, accuracy_miles: float, origin: PlaceOrigin) -> PlaceRow:
    return PlaceRow(
        PlaceKind.ZIP, code.digits, code.city, code.state, point.latitude, point.longitude, accuracy_miles, 0, origin
    )


def _accuracy(*miles: float) -> float:
    return round(max(_LEAST_MILES, *miles), 1)
