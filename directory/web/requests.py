"""What holds for each request: a number of its own, one line in the log, and no overlong query."""

import secrets
import time
from datetime import UTC, date, datetime

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

LONGEST_QUERY_BYTES = 8192

_log = structlog.get_logger("directory.requests")


def init_app(app: Flask) -> None:
    """Number, limit and log every request."""
    app.before_request(_begin)
    app.after_request(_finish)


def today() -> date:
    """Return the day it is in UTC; findings are shown as of it."""
    return now().date()


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if len(request.query_string) > LONGEST_QUERY_BYTES:
        raise BadRequest


def _finish(response: Response) -> Response:
    # Neither path nor query nor address: a line must not tell who looked for a clinic where.
    if not (request.endpoint or "").endswith("static"):
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        line = {"method": request.method, "endpoint": request.endpoint, "status": response.status_code}
        _log.info("request", **line, ms=round(seconds * 1000, 1))
    if "request_id" in g:
        response.headers["X-Request-Id"] = g.request_id
    return response
