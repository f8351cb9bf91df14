"""Suggestions while somebody types, as JSON."""

from flask import Blueprint, Response, current_app, jsonify, request

from directory.domain.access import Permission
from directory.domain.errors import InvalidParameter
from directory.domain.labels import N_
from directory.services.suggesting import suggest
from directory.web.access import needs
from directory.web.forms import LONGEST_NEAR
from directory.web.shapes import suggestions_as_json

blueprint = Blueprint("api_places", __name__, url_prefix="/api/v1")


@blueprint.get("/places")
@needs(Permission.READ_PUBLISHED)
def places() -> Response:
    """Answer with at most five places and five clinics that begin, or are spelled, as `q` is."""
    typed = request.args.get("q", "")
    if len(typed) > LONGEST_NEAR:
        raise InvalidParameter("q", N_("Shorten this to 200 characters: a ZIP, or a city and state, is enough."))
    response = jsonify(suggestions_as_json(suggest(current_app.extensions["geocoder"], typed)))
    # What somebody began to type stays in no cache, their browser's and a proxy's included; the page keeps its own.
    response.headers["Cache-Control"] = "no-store"
    return response
