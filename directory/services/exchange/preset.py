"""What a preset is: how the columns of one source become the fields of a listing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

Texts = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """How one source writes clinics.

    `columns` gives the headers, in any spelling that folding.squash() levels, under which each field may stand;
    `required` are the fields without whose column the preset does not fit. `blanks` are words that stand for an empty
    cell. `key` returns by what a row is known again, and `seen_on` the source's own date or None, or raises
    ValueError for a date that cannot be read.
    """

    name: str
    source: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    key: Callable[[Texts], str]
    blanks: frozenset[str] = frozenset()
    seen_on: Callable[[Texts], date | None] = lambda _texts: None


def padded_id(length: int) -> Callable[[Texts], str]:
    """Return a `key` that gives ids of `length` characters back the zeros that a spreadsheet eats; "" where none is."""
    return lambda texts: texts["source_id"].zfill(length) if texts["source_id"] else ""
