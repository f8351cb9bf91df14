"""How many requests one visitor may make; counted under a keyed hash, so that no address is stored."""

import hashlib
import hmac
from collections.abc import Iterable

import structlog
from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import parse
from werkzeug.exceptions import TooManyRequests

_PER_VISITOR = "300 per minute"
_log = structlog.get_logger("directory.limits")


def init_app(app: Flask) -> None:
    """Count requests where RATE_LIMIT_STORAGE says; without it there are no limits."""
    limiter.init_app(app)


def visitor() -> str:
    """Return where this request comes from; only our own proxies are believed about that."""
    return request.remote_addr or ""


def count(name: str, rates: Iterable[str], key: str) -> None:
    """Count one more of `name` for `key`; raises TooManyRequests where that is over one of `rates`.

    An empty key is not counted. Where the counts stand, the key is a hash.
    """
    if not key or not current_app.config["RATELIMIT_ENABLED"]:
        return
    hashed = _hashed(f"{name}:{key}")
    if not all(limiter.limiter.hit(parse(rate), hashed) for rate in rates):
        _log.warning("locked_out", limit=name, endpoint=request.endpoint)
        raise TooManyRequests


def _hashed(words: str) -> str:
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), words.encode(), hashlib.sha256).hexdigest()


def _visitor() -> str:
    return _hashed(f"rate-limit:{visitor()}")


def _is_not_counted() -> bool:
    """Whether this is a file that belongs to a page, or an operator's machine that asks whether we are up."""
    return request.blueprint == "operations" or (request.endpoint or "").endswith("static")


# While Redis is away each process counts for itself: a search must not fail for want of a counter.
limiter = Limiter(_visitor, application_limits=[_PER_VISITOR], in_memory_fallback_enabled=True)
limiter.request_filter(_is_not_counted)
