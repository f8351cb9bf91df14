"""Fills the gazetteer from the package `zipcodes`: every ZIP code in use and every city, with their centres."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import zipcodes
from sqlalchemy import delete, insert

from directory.domain.gazetteer import PlaceKind, PlaceRow, PostalCode, chart
from directory.domain.geo import Point
from directory.domain.identifiers import STATES
from directory.domain.labels import N_
from directory.extensions import db, reading
from directory.models.place import Place
from directory.queries import places as queries

_CHUNK = 5000  # rows between two steps of a progress bar

#: zipcodes 3.0 puts Majuro at 171° west. The sign is lost: all of the Marshall Islands lie between 160° and 173° east.
_MISPLACED = frozenset({"96960"})


@dataclass(frozen=True)
class Survey:
    """The rows of a gazetteer, and how many ZIPs of the package were left out for which reason."""

    rows: tuple[PlaceRow, ...]
    left_out: Mapping[str, int]

    def count(self, kind: str) -> int:
        """Return how many rows are of `kind`."""
        return sum(row.kind == kind for row in self.rows)


def survey() -> Survey:
    """Return the gazetteer as the installed package makes it; the same package makes the same. Takes about 2 s."""
    left_out: Counter[str] = Counter()
    codes = []
    for entry in zipcodes.list_all():  # type: ignore[no-untyped-call]
        reason = _reason_to_leave_out(entry)
        if reason:
            left_out[reason] += 1
        else:
            codes.append(_postal_code(entry))
    rows = tuple(chart(codes))
    left_out[N_("without a place on the map")] = len(codes) - sum(row.kind == PlaceKind.ZIP for row in rows)
    return Survey(rows, left_out)


def is_loaded(wanted: Survey) -> bool:
    """Return whether the table holds the rows of `wanted` and nothing else."""
    with reading() as session:
        return set(wanted.rows) == {PlaceRow._make(row) for row in session.execute(queries.everything())}


def load(wanted: Survey, *, on_progress: Callable[[int], object] = lambda _count: None) -> None:
    """Replace the table's content by the rows of `wanted`, in one transaction.

    `on_progress` is told how many more rows have been written. Searches see the old content until the end.
    """
    db.session.execute(delete(Place))
    for start in range(0, len(wanted.rows), _CHUNK):
        chunk = [row._asdict() for row in wanted.rows[start : start + _CHUNK]]
        db.session.execute(insert(Place), chunk)
        on_progress(len(chunk))
    db.session.commit()


def _reason_to_leave_out(entry: Mapping[str, object]) -> str | None:
    if entry["zip_code_type"] == "MILITARY" or entry["state"] not in STATES:
        return N_("of the military abroad")
    return None if entry["active"] else N_("no longer in use")


def _postal_code(entry: Mapping[str, str]) -> PostalCode:
    latitude, longitude = float(entry["lat"]), float(entry["long"])
    has_point = (latitude or longitude) and entry["zip_code"] not in _MISPLACED
    return PostalCode(
        digits=entry["zip_code"],
        city=entry["city"],
        state=entry["state"],
        other_names=tuple(entry["acceptable_cities"]),
        is_standard=entry["zip_code_type"] == "STANDARD",
        point=Point(latitude, longitude) if has_point else None,
        is_unique=entry["zip_code_type"] == "UNIQUE",
        county=entry["county"],
    )
