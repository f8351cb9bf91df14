"""Clinics as JSON: the same results, order and numbers as the pages."""

from flask import Blueprint, Response, jsonify, request

from directory.services import profiles
from directory.web.forms import parse
from directory.web.links import next_url
from directory.web.nearby import find
from directory.web.shapes import profile_as_json, results_as_json

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/clinics")
def nearby() -> Response:
    """Answer a search around a place."""
    form = parse(request.args)
    if form.errors:
        raise form.first_error()
    results = find(form)
    response = jsonify(results_as_json(results, next_url("api.nearby", results)))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/clinics/<public_id>")
def show(public_id: str) -> Response:
    """Answer with everything public about one clinic."""
    return jsonify(profile_as_json(profiles.show(public_id)))
