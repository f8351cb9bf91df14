"""Statements over the gazetteer: all of it, the places of some keys, and the largest cities of a state."""

from collections.abc import Collection

from sqlalchemy import Select, select

from directory.domain.gazetteer import SIZE_OF_AN_ORGANISATION, PlaceKind
from directory.models.place import Place

#: kind, key, name, state, latitude, longitude, accuracy in miles, size, origin.
Places = Select[str, str, str, str, float, float, float, int, str]


def everything() -> Places:
    """Return every place, in no order: who wants all of it sorts in memory faster than the database does."""
    return select(
        Place.kind, Place.key, Place.name, Place.state, Place.latitude, Place.longitude,
        Place.accuracy_miles, Place.size, Place.origin,
    )  # fmt: skip


def with_keys(keys: Collection[str]) -> Places:
    """Return the ZIPs and cities with one of `keys`: larger cities first, then by state."""
    return everything().where(Place.key.in_(keys)).order_by(Place.size.desc(), Place.state, Place.kind, Place.id)


def largest_cities(state: str, *, limit: int) -> Places:
    """Return the larger cities of `state`, at most `limit`, the largest first; names of organisations are left out."""
    is_city = Place.kind == PlaceKind.CITY
    in_state = everything().where(Place.state == state, is_city, Place.size > SIZE_OF_AN_ORGANISATION)
    return in_state.order_by(Place.size.desc(), Place.key, Place.id).limit(limit)
