"""Reads of the listings that may be of one clinic; each part of the statement runs inside an index of its own."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, literal_column, select, union_all

from directory.models import Clinic

_SHOWN = (
    Clinic.id, Clinic.public_id, Clinic.slug, Clinic.name, Clinic.address, Clinic.city, Clinic.state,
    Clinic.postal_code, Clinic.status, Clinic.x, Clinic.y, Clinic.z,
)  # fmt: skip
#: Written as a word and not as a value, so that a plan can use the index of what is published.
_IS_PUBLISHED = literal_column("clinic.status") == literal_column("'published'")


def alike(conditions: Iterable[tuple[str, ColumnElement[bool]]], statuses: Iterable[str], but: str) -> Select[Any]:
    """The listings of these statuses for which one of the conditions holds: a row each, with the name of that one."""
    found = union_all(*[select(Clinic.id, literal(why).label("why")).where(holds) for why, holds in conditions])
    each = found.subquery()
    statement: Any = select(*_SHOWN, each.c.why).join(each, each.c.id == Clinic.id)
    wanted: Select[Any] = statement.where(Clinic.status.in_(list(statuses)), Clinic.public_id != but)
    return wanted


def has(column: str, value: str) -> ColumnElement[bool]:
    """A column reads so."""
    found: ColumnElement[bool] = getattr(Clinic, column) == value
    return found


def is_named(name_key: str, state: str) -> ColumnElement[bool]:
    """It has that folded name, in that state."""
    return and_(Clinic.state == state, Clinic.name_key == name_key)


def lies_in(cells: tuple[int, int], reach: float, centre: tuple[float, float, float]) -> ColumnElement[bool]:
    """It is published and lies in a range of cells, no further than a squared chord in square miles from a centre."""
    x, y, z = centre
    squared = (Clinic.x - x) * (Clinic.x - x) + (Clinic.y - y) * (Clinic.y - y) + (Clinic.z - z) * (Clinic.z - z)
    return and_(_IS_PUBLISHED, Clinic.cell.between(*cells), squared <= reach)
