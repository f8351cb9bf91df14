"""Statements that tell whether the directory has been set up."""

from sqlalchemy import Select, exists, select

from directory.models.place import Place


def any_place() -> Select[tuple[bool]]:
    """Return one row: whether the gazetteer holds anything at all."""
    return select(exists().where(Place.id.is_not(None)))
