"""The whole gazetteer in memory: for placing many clinics at once, and for words that are cut short or misspelt."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from directory.domain.folding import squash
from directory.domain.gazetteer import SIZE_OF_AN_ORGANISATION, PlaceKind, PlaceRow
from directory.domain.geo import SMALLEST_RADIUS_MILES, Point
from directory.domain.identifiers import state_code
from directory.queries import places as queries

#: What fuzz.ratio (0 to 100, rapidfuzz) must reach, within one state and anywhere. tests/services/test_geocoding.py
#: holds the spellings that put them here: "Bosie" is 80 like Boise in Idaho, "Tuscon" 83.3 like Tucson anywhere, and
#: "help" 80 like Helper.
_BAR_IN_STATE = 80.0
_BAR = 83.0
#: "Pheonix" is 92 like Phenix and 86 like Phoenix: a city's own name that close to the likeliest is a choice too. Of
#: second names (West Milwaukee for "Milwakee") only the likeliest are.
_MARGIN = 10.0
_MARGIN_OF_SECOND_NAMES = 3.0
_SHORTEST_MISSPELT = 4
_SHORTEST_BEGINNING = 3
#: So many times the names that were asked for are looked at.
_SPARE_NAMES = 6


class Centre(NamedTuple):
    """The centre of a ZIP or a city; `postal_code` is None for a city, `origin` says where the point comes from."""

    name: str
    state: str
    point: Point
    accuracy_miles: float
    postal_code: str | None
    origin: str


class Gazetteer:
    """ZIPs and cities by key, in memory: about 80,000 rows, some 25 MB."""

    def __init__(self, rows: Iterable[PlaceRow]) -> None:
        self._zips: dict[str, PlaceRow] = {}
        self._cities: dict[str, dict[str, PlaceRow]] = {}
        for row in rows:
            if row.kind == PlaceKind.ZIP:
                self._zips[row.key] = row
            else:
                self._cities.setdefault(row.key, {})[row.state] = row
        self._size = len(self._zips) + sum(map(len, self._cities.values()))

    def __len__(self) -> int:
        return self._size

    def of_zip(self, zip5: str) -> Centre | None:
        """Return the centre of a ZIP of five digits, or None."""
        row = self._zips.get(zip5)
        return _centre(row, postal_code=zip5) if row else None

    def of_city(self, name: str, state: str) -> Centre | None:
        """Return the centre of a city by any of its names, in any spelling that folds to it, or None."""
        row = self._cities.get(squash(name), {}).get(state)
        return _centre(row, postal_code=None) if row else None

    def with_keys(self, keys: Iterable[str]) -> Iterator[PlaceRow]:
        """Yield what the database would return for `keys`, in no order."""
        for key in keys:
            yield from self._cities.get(key, {}).values()
            if key in self._zips:
                yield self._zips[key]

    def largest_cities(self, state: str, *, limit: int) -> list[PlaceRow]:
        """Return the larger cities of `state` as the database does, at most `limit`, the largest first."""
        named = (self._cities[key][state] for key in self._keys(state))
        cities = (row for row in named if row.size > SIZE_OF_AN_ORGANISATION)
        return sorted(cities, key=lambda row: (-row.size, row.key))[:limit]

    def largest_around(self, centre: Point, miles: float, *, limit: int) -> list[PlaceRow]:
        """Return at most `limit` cities of the square that reaches `miles` from `centre`, the largest first.

        The wider it is, the fewer of each degree by a degree are looked at, two at the least: it takes no longer then,
        and the names stand less thickly than the towns do.
        """
        high = math.degrees(miles / SMALLEST_RADIUS_MILES)
        wide = min(180.0, high / max(math.cos(math.radians(centre.latitude)), 0.01))
        squares = [
            self._largest_by_degree.get((south, west), [])
            for south in range(math.floor(centre.latitude - high), math.floor(centre.latitude + high) + 1)
            for west in range(math.floor(centre.longitude - wide), math.floor(centre.longitude + wide) + 1)
        ]
        most = max(2, _SPARE_NAMES * limit // len(squares))
        inside = (
            row
            for rows in squares
            for row in rows[:most]
            if abs(row.latitude - centre.latitude) <= high and abs(row.longitude - centre.longitude) <= wide
        )
        return sorted(inside, key=_larger_first)[:limit]

    def beginning_with(self, key: str, state: str | None) -> list[PlaceRow]:
        """Return the cities, of `state` where it is given, whose key begins with `key`: at least three letters."""
        if len(key) < _SHORTEST_BEGINNING:
            return []
        keys = self._keys(state)
        rest = (keys[place] for place in range(bisect_left(keys, key), len(keys)))
        return self._named(takewhile(lambda other: other.startswith(key), rest), state)

    def begun(self, typed: str, *, limit: int) -> list[PlaceRow]:
        """Return the places that `typed` is the beginning of, a ZIP or a city with or without its state.

        At most `limit`: ZIPs in order, cities the larger first. Where no city begins so, those spelled almost so.
        """
        if typed.strip().isdigit():
            return self._zips_begun(typed.strip())[:limit]
        for name, state in _name_and_state(typed):
            key = squash(name)
            rows = self.beginning_with(key, state) or (
                self.resembling(key, state) if len(key) > _SHORTEST_MISSPELT else []
            )
            if rows:
                return sorted(rows, key=lambda row: (-row.size, row.name, row.state))[:limit]
        return []

    def _zips_begun(self, digits: str) -> list[PlaceRow]:
        keys = self._zip_keys
        rest = (keys[place] for place in range(bisect_left(keys, digits), len(keys)))
        return [self._zips[key] for key in takewhile(lambda key: key.startswith(digits), rest)]

    def resembling(self, key: str, state: str | None) -> list[PlaceRow]:
        """Return the cities, of `state` where it is given, whose key of four letters or more is spelled almost so."""
        if len(key) < _SHORTEST_MISSPELT:
            return []
        bar = _BAR_IN_STATE if state else _BAR
        found = process.extract(key, self._keys(state), scorer=fuzz.ratio, score_cutoff=bar, limit=None)
        scores = {other: score for other, score, _ in found}
        best = max(scores.values(), default=0.0)
        alike = self._named((other for other, score in scores.items() if score >= best - _MARGIN), state)
        return [row for row in alike if row.size or scores[row.key] >= best - _MARGIN_OF_SECOND_NAMES]

    def _named(self, keys: Iterable[str], state: str | None) -> list[PlaceRow]:
        """Return the cities with `keys`; of several names at one point only the city's own, or else the longest."""
        rows = [row for key in keys for row in self._cities[key].values() if state in {None, row.state}]
        rows.sort(key=lambda row: (row.size, len(row.name), row.name))
        return list({(row.state, row.latitude, row.longitude): row for row in rows}.values())

    def _keys(self, state: str | None) -> list[str]:
        return self._keys_by_state.get(state, []) if state else self._all_keys

    @cached_property
    def _zip_keys(self) -> list[str]:
        return sorted(self._zips)

    @cached_property
    def _all_keys(self) -> list[str]:
        return sorted(self._cities)

    @cached_property
    def _keys_by_state(self) -> dict[str, list[str]]:
        keys = defaultdict(list)
        for key in self._all_keys:
            for state in self._cities[key]:
                keys[state].append(key)
        return keys

    @cached_property
    def _largest_by_degree(self) -> dict[tuple[int, int], list[PlaceRow]]:
        squares = defaultdict(list)
        for row in (row for rows in self._cities.values() for row in rows.values()):
            if row.size > SIZE_OF_AN_ORGANISATION:
                squares[math.floor(row.latitude), math.floor(row.longitude)].append(row)
        return {square: sorted(rows, key=_larger_first) for square, rows in squares.items()}


def _larger_first(row: PlaceRow) -> tuple[int, str, str]:
    return -row.size, row.key, row.state


def _name_and_state(typed: str) -> Iterator[tuple[str, str | None]]:
    """Yield the ways to see a city and its state in `typed`: with its last word or part as the state, and without."""
    name, comma, end = typed.rpartition(",")
    if not comma:
        name, _, end = typed.strip().rpartition(" ")
    state = state_code(end)
    if name and state:
        yield name, state
    yield (name if comma and name.strip() else typed), None


def load_gazetteer(session: Session) -> Gazetteer:
    """Return the gazetteer of the database, from one SELECT; it is empty before `flask places load`."""
    return Gazetteer(PlaceRow._make(row) for row in session.execute(queries.everything()))


def _centre(row: PlaceRow, *, postal_code: str | None) -> Centre:
    point = Point(row.latitude, row.longitude)
    return Centre(row.name, row.state, point, row.accuracy_miles, postal_code, row.origin)
