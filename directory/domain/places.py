"""What a place is once it is found: its centre, how precise that is, its label, and what a reader should know."""

from dataclasses import dataclass
from enum import StrEnum

from directory.domain.gazetteer import PlaceKind, PlaceOrigin, PlaceRow
from directory.domain.geo import Point
from directory.domain.labels import N_, Sentence, sentence

_DECIMALS_SHOWN = 4  # about 11 metres


class Precision(StrEnum):
    """What the centre of a search stands for."""

    POINT = "point"
    """The coordinates that were given."""
    ZIP = "zip"
    """The centre of a ZIP code."""
    CITY = "city"
    """The centre of a city."""


@dataclass(frozen=True)
class FoundPlace:
    """A place to measure from.

    `accuracy_miles` is about how far the place reaches from `point`, None for given coordinates; `notes` say what a
    reader should know, such as a street that was not used. `city`, `state` and `postal_code` are None where unknown.
    """

    label: str
    point: Point
    precision: Precision
    accuracy_miles: float | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    notes: tuple[Sentence, ...] = ()


def at_point(point: Point) -> FoundPlace:
    """Return the place of given coordinates; its label shows at most 4 decimals, its point keeps them all."""
    return FoundPlace(f"{_degrees(point.latitude)}, {_degrees(point.longitude)}", point, Precision.POINT)


def label(row: PlaceRow) -> str:
    """Return "Saint Louis, MO" or "Saint Louis, MO 63101": what to type to find exactly this place."""
    city = f"{row.name}, {row.state}"
    return f"{city} {row.key}" if row.kind == PlaceKind.ZIP else city


def at_row(row: PlaceRow, notes: tuple[Sentence, ...] = ()) -> FoundPlace:
    """Return the place of a row of the gazetteer, with `notes` and what its origin asks to be said."""
    return FoundPlace(
        label=label(row),
        point=Point(row.latitude, row.longitude),
        precision=Precision(row.kind),
        accuracy_miles=row.accuracy_miles,
        city=row.name,
        state=row.state,
        postal_code=row.key if row.kind == PlaceKind.ZIP else None,
        notes=notes + tuple(_origin_notes(row)),
    )


def _origin_notes(row: PlaceRow) -> list[Sentence]:
    if row.origin == PlaceOrigin.CITY:
        return [sentence(N_("ZIP code %(zip)s has no place of its own: this is the middle of its city."), zip=row.key)]
    if row.origin == PlaceOrigin.PREFIX:
        return [sentence(N_("%(place)s has no place of its own: this is the middle of the area's ZIP codes."),
                         place=label(row))]  # fmt: skip
    return []


def _degrees(value: float) -> str:
    # Adding 0.0 turns the -0.0 of a small negative number into 0.0. Two decimals always stand, as a browser sends them.
    shown = f"{round(value, _DECIMALS_SHOWN) + 0.0:.{_DECIMALS_SHOWN}f}"
    return shown[:-2] + shown[-2:].rstrip("0")
