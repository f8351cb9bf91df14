"""The address of a next page: signed, and worth something only for the search that it was made for."""

import json

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from directory.domain.errors import InvalidParameter
from directory.domain.labels import N_
from directory.domain.nearby import Position, Wishes
from directory.domain.places import FoundPlace


def write(position: Position, place: FoundPlace, wishes: Wishes) -> str:
    """Return the cursor after `position`; the place is part of the signature and cannot be read from it."""
    return str(_signer(place, wishes).dumps(list(position)))


def read(cursor: str, place: FoundPlace, wishes: Wishes) -> Position | None:
    """Return the position of `cursor`, None for an empty one; InvalidParameter for one of another search."""
    if not cursor:
        return None
    try:
        position = Position(*_signer(place, wishes).loads(cursor))
    except BadData:
        message = N_("This next page belongs to another search. Start again from the first page.")
        raise InvalidParameter("cursor", message) from None
    return position


def _signer(place: FoundPlace, wishes: Wishes) -> URLSafeSerializer:
    around = (place.point.latitude, place.point.longitude, wishes.radius_miles, wishes.order)
    filters = (wishes.facets, wishes.without_confirmed, wishes.checked_at_least, wishes.folded_words)
    salt = json.dumps([*around, *filters])
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt=f"next-page:{salt}")
