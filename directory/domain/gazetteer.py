"""Makes the rows of the gazetteer, ZIPs and cities with their centres, from a list of postal codes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from directory.domain.centres import middle, neighbour_miles, spread_miles
from directory.domain.folding import squash
from directory.domain.geo import Point

#: One ZIP alone says nothing of the others: Ebeye (96970) would lie on Majuro, 270 miles away.
_FEWEST_FOR_A_PREFIX = 2
_LEAST_MILES = 1.0

_CityKey = tuple[str, str]


@dataclass(frozen=True)
class PostalCode:
    """A ZIP in use: its city as the mail calls it, the city's other names, and its point, None where unknown.

    `is_standard` is false for post-office boxes and for ZIPs of one organisation.
    """

    digits: str
    city: str
    state: str
    other_names: tuple[str, ...]
    is_standard: bool
    point: Point | None


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
    """
    codes = list(postal_codes)
    reaches = neighbour_miles(code.point for code in codes if code.point)
    cities = _cities(codes, reaches)
    rows = list(_zips(codes, cities, reaches))
    placed_late = {_key(row.name, row.state): row for row in rows if row.origin == "prefix"}
    lone = [row._replace(kind="city", key=key, size=1) for (key, _), row in placed_late.items()]
    return sorted([*rows, *cities.values(), *lone], key=lambda row: (row.kind, row.key, row.state))


@cache
def _key(name: str, state: str) -> _CityKey:
    return squash(name), state


def _cities(codes: Iterable[PostalCode], reaches: Mapping[Point, float]) -> dict[_CityKey, PlaceRow]:
    own: dict[_CityKey, list[tuple[str, PostalCode]]] = defaultdict(list)
    second: dict[_CityKey, list[tuple[str, PostalCode]]] = defaultdict(list)
    for code in codes:
        own[_key(code.city, code.state)].append((code.city, code))
        for name in code.other_names:
            second[_key(name, code.state)].append((name, code))
    rows = {key: _city(key, named, reaches) for key, named in (second | own).items()}
    return {key: row if key in own else row._replace(size=0) for key, row in rows.items() if row}


def _city(key: _CityKey, named: list[tuple[str, PostalCode]], reaches: Mapping[Point, float]) -> PlaceRow | None:
    """Return the row of a city from its ZIPs, each with the name it gives the city; None where none has a point."""
    standard = [code.point for _, code in named if code.point and code.is_standard]
    points = standard or [code.point for _, code in named if code.point]
    if not points:
        return None
    names = Counter(name for name, _ in named)
    centre = middle(points)
    return PlaceRow(
        kind="city",
        key=key[0],
        name=min(names, key=lambda name: (-names[name], name)),
        state=key[1],
        latitude=centre.latitude,
        longitude=centre.longitude,
        accuracy_miles=_accuracy(spread_miles(points, centre), sum(reaches[point] for point in points) / len(points)),
        size=max(1, sum(code.is_standard for _, code in named)),
        origin="own",
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
            yield _zip(code, code.point, _accuracy(reaches[code.point]), "own")
        elif city:
            yield _zip(code, Point(city.latitude, city.longitude), city.accuracy_miles, "city")
        elif len(others) >= _FEWEST_FOR_A_PREFIX:
            centre = middle(others)
            yield _zip(code, centre, _accuracy(spread_miles(others, centre)), "prefix")


def _zip(code: PostalCode, point: Point, accuracy_miles: float, origin: str) -> PlaceRow:
    return PlaceRow(
        "zip", code.digits, code.city, code.state, point.latitude, point.longitude, accuracy_miles, 0, origin
    )


def _accuracy(*miles: float) -> float:
    return round(max(_LEAST_MILES, *miles), 1)
