"""Turns named errors into statuses, once: a page for people, one JSON shape for the API."""

from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from urllib.parse import urlencode

import structlog
from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, SecurityError

from directory.domain import errors
from directory.domain.labels import N_
from directory.web.hosts import foreign_host
from directory.web.language import translated
from directory.web.shapes import candidates_as_json

_log = structlog.get_logger("directory.errors")

#: Error → HTTP status and the code of the JSON answer.
STATUSES: dict[type[errors.DirectoryError], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.Forbidden: (403, "forbidden"),
    errors.Tied: (403, "forbidden"),
    errors.Conflict: (409, "conflict"),
    errors.InvalidTransition: (409, "conflict"),
    errors.UnknownPlace: (422, "unknown_place"),
    errors.AmbiguousPlace: (422, "ambiguous_place"),
    errors.InvalidParameter: (422, "invalid_parameter"),
    errors.Moved: (404, "not_found"),
    errors.Withheld: (451, "hidden"),
    errors.DatabaseUnavailable: (503, "unavailable"),
}
#: HTTP status → heading and advice.
SENTENCES = {
    400: (
        N_("We could not read that request"),
        N_("Part of it is missing, too long or out of date. Go back, load the page anew and try again."),
    ),
    403: (N_("Your account cannot do this"), N_("Somebody else can. Go back to the page that you came from.")),
    404: (
        N_("There is no such page"),
        N_("The address may be mistyped, or the listing is no longer public. Search again from the start."),
    ),
    451: (N_("This listing is hidden"), N_("Search again from the start.")),
    405: (N_("That cannot be done at this address"), N_("Go back to the page you came from and try again from there.")),
    409: (N_("Somebody was here before you"), N_("Look at it again: it has changed since you opened it.")),
    413: (N_("That was too much at once"), N_("Send less than 1 MB, with at most 1,000 fields.")),
    429: (
        N_("That was too often in a short time"),
        N_("Please wait a minute and try again; after many tries to sign in, wait longer. Nothing was lost."),
    ),
    500: (
        N_("Something went wrong on our side"),
        N_("It was not your doing. Please try again in a minute; nothing you typed was stored."),
    ),
    503: (N_("The directory is not available right now"), N_("Please try again in a few minutes.")),
}
#: PostgreSQL Appendix A, class 42.
_UNDEFINED_TABLE = "42P01"
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 429: "too_many_requests"}


def init_app(app: Flask) -> None:
    """Answer every error with a page or with JSON, and never with a trace."""
    app.register_error_handler(errors.DirectoryError, _directory_error)
    app.register_error_handler(errors.Moved, _moved)
    app.register_error_handler(errors.Withheld, _withheld)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(DatabaseError, _database_error)
    app.register_error_handler(InterfaceError, _unavailable)
    app.register_error_handler(PoolTimeoutError, _unavailable)
    app.log_exception = _log_exception  # type: ignore[method-assign]  # Flask's own line would hold the path


def wants_json() -> bool:
    """Whether this request came to the API."""
    return request.path.startswith("/api/")


def status_of(error: errors.DirectoryError) -> tuple[int, str]:
    """Return the HTTP status and JSON code for a named error."""
    return STATUSES[type(error)]


def _moved(error: errors.Moved) -> ResponseReturnValue:
    """Lead on to the listing that stands for the one that was asked for, by the same kind of address."""
    if request.method not in {"GET", "HEAD"} or not request.view_args or not request.endpoint:
        return _directory_error(error)
    arguments = {**request.view_args, "public_id": error.public_id}
    if "slug" in arguments:
        arguments["slug"] = error.slug
    # Not by url_for(), which would take some names of a query for its own.
    query = urlencode(list(request.args.items(multi=True)))
    return redirect(f"{url_for(request.endpoint, **arguments)}{query and '?'}{query}", 301)


def _withheld(error: errors.Withheld) -> ResponseReturnValue:
    # RFC 7725: not that there is nothing, and why not.
    return _directory_error(error) if wants_json() else (render_template("clinics/hidden.html", hidden=error), 451)


def _directory_error(error: errors.DirectoryError) -> tuple[str | Response, int]:
    status, code = status_of(error)
    sentence = translated(error.sentence)
    if wants_json():
        return _json_error(code, sentence, _details(error)), status
    return _page(status, sentence), status


def _http_error(error: HTTPException) -> tuple[str | Response, int, dict[str, str]] | HTTPException:
    status = error.code or 500
    if status < 400:  # a redirect is no error
        return error
    code = _CODES.get(status, "bad_request" if status < 500 else "internal_error")
    # RFC 9110 wants Allow beside 405; Retry-After tells a program how long to wait.
    return *_answer(status, code), {
        name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}
    }


def _csrf_error(error: CSRFError) -> ResponseReturnValue | HTTPException:
    """Answer a form whose token ran out with that form again, where our own page sent it and it has a way to."""
    again = getattr(current_app.view_functions.get(request.endpoint or ""), "signed_out", None)
    if again is None or request.headers.get("Origin") != request.host_url.rstrip("/"):
        return _http_error(error)
    try:
        answer: ResponseReturnValue = again(**(request.view_args or {}))
    except errors.DirectoryError as missing:
        return _directory_error(missing)
    return answer


def _foreign_host(_error: SecurityError) -> Response:
    return foreign_host()


def _database_error(error: DatabaseError) -> tuple[str | Response, int]:
    """Answer 503 where the database is away, busy, damaged or empty: it comes back; anything else is our fault."""
    is_empty = getattr(error.orig, "sqlstate", None) == _UNDEFINED_TABLE
    if isinstance(error, DataError | IntegrityError | ProgrammingError) and not is_empty:
        raise error
    return _unavailable(error)


def _unavailable(error: Exception) -> tuple[str | Response, int]:
    # The message of the driver may hold what was searched for.
    _log.error("database", kind=type(error).__name__)
    return _answer(503, "unavailable")


def _answer(status: int, code: str) -> tuple[str | Response, int]:
    if not wants_json():
        return _page(status), status
    heading, advice = _sentences(status)
    return _json_error(code, f"{gettext(heading)}. {gettext(advice)}", {}), status


def _page(status: int, sentence: str | None = None) -> str:
    heading, advice = _sentences(status)
    return render_template("error.html", status=status, heading=gettext(heading), advice=sentence or gettext(advice))


def _sentences(status: int) -> tuple[str, str]:
    return SENTENCES.get(status) or SENTENCES[400 if status < 500 else 500]


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
        case errors.Withheld():
            return {"since": error.since.isoformat(), "is_legal": error.is_legal}
    return {}


def _log_exception(exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
    # Kinds and places only: the message of an error may hold what was searched for.
    kinds: list[str] = []
    error = exc_info[1]
    while error:
        kinds.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    frames = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(exc_info[2])]
    _log.error("unhandled", endpoint=request.endpoint, kinds=kinds, frames=frames)
