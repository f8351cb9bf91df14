"""Finds listings that may be of the same clinic as one that somebody proposes."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from directory.domain.facts import Facts
from directory.domain.folding import fold
from directory.domain.geo import Point, chord_squared, cover, earth_centred, ground_miles
from directory.domain.labels import N_
from directory.domain.profile import SHOWN, ListingStatus
from directory.queries import duplicates as queries
from directory.services import facts as facts_of

#: So many are shown.
MOST_SHOWN = 20
NEARBY_MILES = 1.0
_FOR_MODERATORS = (*SHOWN, ListingStatus.PROPOSED, ListingStatus.HIDDEN, ListingStatus.DECLINED)
_SHOWN = ("public_id", "slug", "name", "address", "city", "state", "postal_code")


class Alike(StrEnum):
    """In what another listing is like the one proposed; what says most comes first."""

    NPI = "npi"
    PHONE = "phone"
    ADDRESS = "address"
    NAME = "name"
    NEARBY = "nearby"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _LABELS[self]


_LABELS = {
    Alike.NPI: N_("The same NPI"),
    Alike.PHONE: N_("The same telephone number"),
    Alike.ADDRESS: N_("The same address"),
    Alike.NAME: N_("The same name in this state"),
    Alike.NEARBY: N_("Within a mile"),
}


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """A listing that may be of the same clinic. `miles` is None where either of the two is not on the map."""

    public_id: str
    slug: str
    name: str
    address: str
    city: str
    state: str
    postal_code: str | None
    status: ListingStatus
    why: tuple[Alike, ...]
    miles: float | None


@dataclass(frozen=True)
class Duplicates:
    """What was found, the likeliest first; `more` is how many more there are than those shown."""

    shown: tuple[Duplicate, ...] = ()
    more: int = 0


def possible(session: Session, facts: Facts, *, but: str = "", for_moderators: bool = False) -> Duplicates:
    """Return the listings that may be of the clinic with these facts; never the one with the public id `but`.

    They are published or closed, for moderators also proposed, hidden or declined. Nobody knows that a clinic is nearby
    but of published ones. Two statements.
    """
    point = facts_of.centre_of(session, facts).point
    conditions = list(_conditions(facts, point))
    statuses = _FOR_MODERATORS if for_moderators else SHOWN
    reasons: dict[int, set[Alike]] = defaultdict(set)
    rows = {}
    for row in session.execute(queries.alike(conditions, statuses, but)):
        if row.why != Alike.ADDRESS or fold(row.address) == fold(str(facts["address"])):
            rows[row.id] = row
            reasons[row.id].add(Alike(row.why))
    found = sorted((_likeness(rows[number], reasons[number], point) for number in rows), key=_likeliest_first)
    return Duplicates(tuple(found[:MOST_SHOWN]), max(0, len(found) - MOST_SHOWN))


def _conditions(facts: Facts, point: Point | None) -> Iterator[tuple[str, ColumnElement[bool]]]:
    yield Alike.NAME, queries.is_named(fold(str(facts["name"])), str(facts["state"]))
    for why, column in ((Alike.NPI, "npi"), (Alike.PHONE, "phone")):
        if facts[column]:
            yield why, queries.has(column, str(facts[column]))
    if facts["postal_code"] and fold(str(facts["address"])):
        yield Alike.ADDRESS, queries.has("postal_code", str(facts["postal_code"]))
    if point:
        reach, centre = chord_squared(NEARBY_MILES), earth_centred(point)
        for cells in cover(point, NEARBY_MILES):
            yield Alike.NEARBY, queries.lies_in(cells, reach, centre)


def _likeness(row: Any, reasons: set[Alike], point: Point | None) -> Duplicate:
    here, there = earth_centred(point) if point else None, (row.x, row.y, row.z)
    squared = sum((a - b) ** 2 for a, b in zip(here, there, strict=True)) if here and row.x is not None else None
    return Duplicate(
        **{name: getattr(row, name) for name in _SHOWN},
        status=ListingStatus(row.status),
        why=tuple(each for each in Alike if each in reasons),
        miles=None if squared is None else ground_miles(squared),
    )


def _likeliest_first(found: Duplicate) -> tuple[int, int, float, str, str]:
    miles = math.inf if found.miles is None else round(found.miles, 6)
    return (list(Alike).index(found.why[0]), -len(found.why), miles, fold(found.name), found.public_id)
