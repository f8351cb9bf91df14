"""Clinics as JSON: the same results, order and numbers as the pages."""

from datetime import date

from flask import Blueprint, Response, jsonify, request

from directory.domain.access import Permission
from directory.domain.cases import case_as_json
from directory.domain.errors import InvalidParameter
from directory.domain.labels import N_
from directory.services import names, profiles, scores
from directory.web.access import needs
from directory.web.forms import parse
from directory.web.links import next_url
from directory.web.nearby import find
from directory.web.requests import today
from directory.web.shapes import names_as_json, profile_as_json, results_as_json

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/clinics")
@needs(Permission.READ_PUBLISHED)
def nearby() -> Response:
    """Answer a search around a place, or by name."""
    form = parse(request.args)
    if form.errors:
        raise form.first_error()
    if form.is_by_name:
        return _kept_out(jsonify(names_as_json(names.find(form.name.data))))
    results = find(form)
    return _kept_out(jsonify(results_as_json(results, next_url("api.nearby", results))))


@blueprint.get("/clinics/<public_id>")
@needs(Permission.READ_PUBLISHED)
def show(public_id: str) -> Response:
    """Answer with everything public about one clinic."""
    return jsonify(profile_as_json(profiles.show(public_id, as_of=today())))


@blueprint.get("/clinics/<public_id>/case")
@needs(Permission.READ_PUBLISHED)
def case(public_id: str) -> Response:
    """Answer with what the clinic's score is made of, as `flask scores explain` reads it."""
    return jsonify(case_as_json(scores.case(public_id, _as_of())))


def _kept_out(response: Response) -> Response:
    # As on the page: what somebody looked for stays in no cache.
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_of() -> date:
    given = request.args.get("as_of")
    if given is None:
        return today()
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = None
    if day is None or day.isoformat() != given:  # fromisoformat also takes weeks, and dates without hyphens
        raise InvalidParameter("as_of", N_("Give a day of the calendar, like 2026-11-21."))
    if day > today():
        raise InvalidParameter("as_of", N_("Give today or a day before: nobody knows what will be reported."))
    return day
