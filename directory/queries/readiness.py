"""Statements that tell whether the directory has been set up."""

from sqlalchemy import Select, TextClause, exists, select, text

from directory.models.place import Place


def any_place() -> Select[tuple[bool]]:
    """Return one row: whether the gazetteer holds anything at all."""
    return select(exists().where(Place.id.is_not(None)))


def first_in_the_search_index(engine: str) -> TextClause:
    """Return the id of the published clinic with the lowest cell, read as a search on `engine` reads.

    SQLite reads it through the index of the search or not at all; PostgreSQL does without when the index is gone.
    """
    return _FIRST[engine]


_FIRST = {
    "sqlite": text(
        "SELECT id FROM clinic INDEXED BY ix_clinic_nearby WHERE status = 'published' AND cell >= 0"
        " ORDER BY cell LIMIT 1"
    ),
    "postgresql": text("SELECT id FROM clinic WHERE status = 'published' AND cell >= 0 ORDER BY cell LIMIT 1"),
}
