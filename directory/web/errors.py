"""Turns named errors into statuses, once: a page for people, one JSON shape for the API."""

import structlog
from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from directory.domain import errors
from directory.domain.labels import N_
from directory.web.language import translated
from directory.web.presenters import candidates_as_json

_log = structlog.get_logger("directory.errors")

#: Error → HTTP status and the code of the JSON answer.
STATUSES: dict[type[errors.DirectoryError], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.UnknownPlace: (422, "unknown_place"),
    errors.AmbiguousPlace: (422, "ambiguous_place"),
    errors.InvalidParameter: (422, "invalid_parameter"),
    errors.DatabaseUnavailable: (503, "unavailable"),
}
#: HTTP status → heading and advice.
SENTENCES = {
    400: (
        N_("We could not read that request"),
        N_("Part of the address is missing or too long. Start again from the search."),
    ),
    404: (
        N_("There is no such page"),
        N_("The address may be mistyped, or the listing is no longer public. Search again from the start."),
    ),
    405: (N_("That cannot be done at this address"), N_("Go back to the page you came from and try again from there.")),
    413: (N_("That was too much at once"), N_("Send less than 1 MB, with fewer than 1,000 fields.")),
    429: (N_("Too many searches in a short time"), N_("Please wait a minute and try again. Nothing was lost.")),
    500: (
        N_("Something went wrong on our side"),
        N_("It was not your doing. Please try again in a minute; nothing you typed was stored."),
    ),
    503: (N_("The directory is not available right now"), N_("Please try again in a few minutes.")),
}
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 429: "too_many_requests"}


def init_app(app: Flask) -> None:
    """Answer every error with a page or with JSON, and never with a trace."""
    app.register_error_handler(errors.DirectoryError, _directory_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.log_exception = _log_exception  # type: ignore[method-assign]  # Flask's own line would hold the path


def wants_json() -> bool:
    """Whether this request came to the API."""
    return request.path.startswith("/api/")


def status_of(error: errors.DirectoryError) -> tuple[int, str]:
    """Return the HTTP status and JSON code for a named error."""
    return STATUSES[type(error)]


def _directory_error(error: errors.DirectoryError) -> tuple[str | Response, int]:
    status, code = status_of(error)
    sentence = translated(error.sentence)
    if wants_json():
        return _json_error(code, sentence, _details(error)), status
    return _page(status, sentence), status


def _http_error(error: HTTPException) -> tuple[str | Response, int] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    answer = status if status in SENTENCES else (400 if status < 500 else 500)
    if wants_json():
        heading, advice = SENTENCES[answer]
        code = _CODES.get(status, "bad_request" if status < 500 else "internal_error")
        return _json_error(code, f"{gettext(heading)}. {gettext(advice)}", {}), status
    return _page(answer), status


def _database_error(error: OperationalError) -> tuple[str | Response, int] | HTTPException:
    # A database that is away or busy comes back; the message of the driver may hold what was searched for.
    _log.error("database", kind=type(error.orig).__name__)
    if wants_json():
        heading, advice = SENTENCES[503]
        return _json_error("unavailable", f"{gettext(heading)}. {gettext(advice)}", {}), 503
    return _page(503), 503


def _page(status: int, sentence: str | None = None) -> str:
    heading, advice = SENTENCES.get(status, SENTENCES[400])
    return render_template("error.html", status=status, heading=gettext(heading), advice=sentence or gettext(advice))


def _json_error(code: str, message: str, details: dict[str, object]) -> Response:
    return jsonify({"error": {"code": code, "message": message, "details": details}})


def _details(error: errors.DirectoryError) -> dict[str, object]:
    match error:
        case errors.AmbiguousPlace():
            return {"candidates": candidates_as_json(error.candidates)}
        case errors.UnknownPlace():
            return {"candidates": []}
        case errors.InvalidParameter():
            return {"field": error.field}
    return {}


def _log_exception(exc_info: object) -> None:
    _log.error("unhandled", endpoint=request.endpoint, exc_info=exc_info)
