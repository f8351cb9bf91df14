"""Finds the clinics around a place: one function feeds the page and the JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from geopy.geocoders.base import Geocoder
from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from directory.domain import geo, scoring
from directory.domain.facets import GROUPS, Counts, Tally, tally
from directory.domain.folding import squash
from directory.domain.nearby import COUNT_CAP, START, Count, Order, Position, Wishes, capped, looks
from directory.domain.places import FoundPlace
from directory.domain.scoring import Score
from directory.extensions import reading
from directory.queries import nearby as queries
from directory.services import checklists, geocoding

#: When nothing lies in the circle, the nearest clinic is looked for this far, then further, then everywhere.
_NEAR_MILES, _FAR_MILES = 200.0, 1000.0
#: How many clinics without coordinates a page names before it says that there are more.
UNMAPPED_SHOWN = 20


@dataclass(frozen=True)
class NearbyClinic:
    """A row of the results; `distance_miles` along the ground, None for a clinic that is not on the map.

    `signs_seen_on` is the newest day of an answer that counts, None where none does; `was_checked` says whether one
    ever did. The fields up to `score` are those of queries.nearby.SHOWN, in that order.
    """

    public_id: str
    slug: str
    name: str
    city: str
    state: str
    postal_code: str | None
    latitude: float | None
    longitude: float | None
    routes: int
    facts_as_of: date
    score: Score
    signs_seen_on: date | None
    was_checked: bool
    distance_miles: float | None


@dataclass(frozen=True)
class NearbyResults:
    """A page of clinics around `place`, in the wished order.

    The first of them is number `first_number` of all. `next` is the position after which the next page begins, None
    on the last. `beyond` is the nearest clinic outside the circle, looked for only where the circle is empty.
    `unmapped` are clinics of the place's city without coordinates, on the first page only, by name; `more_unmapped`
    says that not all of them are listed. `counts` says how many clinics there would be with each choice; None where
    that was not asked for.
    """

    place: FoundPlace
    wishes: Wishes
    count: Count
    counts: Counts | None
    clinics: Sequence[NearbyClinic]
    first_number: int
    next: Position | None
    beyond: NearbyClinic | None
    unmapped: Sequence[NearbyClinic]
    more_unmapped: bool


def find_place(geocoder: Geocoder, near: str) -> FoundPlace:
    """Return the place that `near` names; raises UnknownPlace, or AmbiguousPlace with the choices."""
    return geocoding.find(geocoder, near)


def nearby(
    place: FoundPlace, wishes: Wishes, after: Position | None = None, *, with_counts: bool = False
) -> NearbyResults:
    """Return the page of published clinics within the radius that begins after position `after`.

    At most five statements whatever the number of clinics: count, up to three looks, and the nearest beyond an empty
    circle or the clinics without coordinates. With the counts of the choices as many: they come with the count.
    """
    with reading() as session:
        circle = _Circle(session.connection(), place.point, wishes)
        found = circle.tally() if with_counts else None
        count = capped(found.total) if found else circle.count()
        start = after or START[wishes.order]
        rows = circle.page(count, start)
        clinics = [as_clinic(row, geo.ground_miles(row.d2)) for row in rows[: wishes.limit]]
        unmapped = _unmapped(session, place, wishes) if after is None else []
        return NearbyResults(
            place=place,
            wishes=wishes,
            count=count,
            counts=found.counts if found else None,
            clinics=clinics,
            first_number=start.shown + 1,
            next=_end_of_page(rows, wishes, start.shown) if len(rows) > wishes.limit else None,
            beyond=circle.nearest_beyond() if count.total == 0 else None,
            unmapped=unmapped[:UNMAPPED_SHOWN],
            more_unmapped=len(unmapped) > UNMAPPED_SHOWN,
        )


class _Circle:
    """One search on one connection: knows the statements of the engine and the parameters that all of them share."""

    def __init__(self, connection: Connection, centre: geo.Point, wishes: Wishes) -> None:
        words = wishes.folded_words
        self._connection = connection
        self._circles: dict[float, dict[str, Any]] = {}
        self._centre = centre
        self._wishes = wishes
        self._statements = queries.statements(connection.dialect.name, with_words=bool(words))
        x, y, z = geo.earth_centred(centre)
        self._shared: Mapping[str, Any] = {
            "x": x, "y": y, "z": z, "facets": wishes.facets,
            **{group.name: wishes.facets & group.all for group in GROUPS},
            "checked_at_least": wishes.checked_at_least, "without_confirmed": int(wishes.without_confirmed),
        } | ({"words": json.dumps(words)} if words else {})  # fmt: skip

    def count(self) -> Count:
        within = self._within(self._wishes.radius_miles)
        return capped(self._connection.execute(self._statements.count, within | {"cap": COUNT_CAP + 1}).scalar_one())

    def tally(self) -> Tally:
        written = self._connection.execute(
            self._statements.facets, self._within(self._wishes.radius_miles)
        ).scalar_one()
        return tally(written or "", self._wishes)

    def page(self, count: Count, after: Position) -> Sequence[Row[Any]]:
        """Return up to one row more than a page, which tells that there is a next one."""
        if self._wishes.order is not Order.DISTANCE:  # the first of these may stand anywhere in the circle
            return self._rows(self._wishes.radius_miles, after)
        passed = geo.ground_miles(max(0.0, float(after.key)))
        rows: Sequence[Row[Any]] = []
        for miles in looks(self._wishes, count, passed):
            rows = self._rows(miles, after)
            if len(rows) > self._wishes.limit:
                break
        return rows

    def nearest_beyond(self) -> NearbyClinic | None:
        steps = {
            f"{name}_{parameter}": value
            for name, miles in (("near", _NEAR_MILES), ("far", _FAR_MILES))
            for parameter, value in self._around(miles).items()
        }
        reach = geo.chord_squared(self._wishes.radius_miles)
        row = self._connection.execute(self._statements.beyond, {**self._shared, **steps, "reach": reach}).first()
        return as_clinic(row, geo.ground_miles(row.d2)) if row else None

    def _rows(self, miles: float, after: Position) -> Sequence[Row[Any]]:
        page = {
            "after_rank": after.rank, "after": after.key, "after_id": after.id, "limit": self._wishes.limit + 1,
        }  # fmt: skip
        statement = self._statements.pages[self._wishes.order]
        return self._connection.execute(statement, self._within(miles) | page).all()

    def _within(self, miles: float) -> dict[str, Any]:
        return {**self._shared, **self._around(miles)}

    def _around(self, miles: float) -> dict[str, Any]:
        if miles not in self._circles:  # the count and the widest look share theirs
            cover = json.dumps(geo.cover(self._centre, miles))
            self._circles[miles] = {"cover": cover, "reach": geo.chord_squared(miles)}
        return self._circles[miles]


def _unmapped(session: Session, place: FoundPlace, wishes: Wishes) -> list[NearbyClinic]:
    if place.city is None or place.state is None:
        return []
    statement = queries.not_on_the_map(squash(place.city), place.state, wishes)
    return [as_clinic(row, None) for row in session.execute(statement.limit(UNMAPPED_SHOWN + 1))]


def _end_of_page(rows: Sequence[Row[Any]], wishes: Wishes, shown_before: int) -> Position:
    last = rows[wishes.limit - 1]
    key = last.name_key if wishes.order is Order.NAME else last.d2
    return Position(last.rank, key, last.id, shown_before + wishes.limit)


def as_clinic(row: Row[Any], distance_miles: float | None) -> NearbyClinic:
    """Return a row of queries.nearby.COLUMNS as a result; its miles are along the ground, None for no place."""
    *facts, signs, seen_on, was_checked = row[: len(queries.SHOWN) + 1]
    return NearbyClinic(*(*facts, _score(signs), seen_on, was_checked, distance_miles))


@cache
def _score(signs: str) -> Score:
    """Return the score of a clinic from the one column that all of it follows from; there are 3,125 at the most."""
    checklist = checklists.current()
    return scoring.score(checklist, scoring.read(checklist, signs))
