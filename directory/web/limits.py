"""How many requests one visitor may make; counted under a keyed hash, so that no address is stored."""

import hashlib
import hmac

from flask import Flask, current_app, request
from flask_limiter import Limiter

_PER_VISITOR = "300 per minute"


def init_app(app: Flask) -> None:
    """Count requests where RATE_LIMIT_STORAGE says; without it there are no limits."""
    limiter.init_app(app)


def _visitor() -> str:
    key, address = str(current_app.config["SECRET_KEY"]).encode(), (request.remote_addr or "").encode()
    return hmac.new(key, b"rate-limit:" + address, hashlib.sha256).hexdigest()


def _is_not_counted() -> bool:
    """Whether this is a file that belongs to a page, or an operator's machine that asks whether we are up."""
    return request.blueprint == "operations" or (request.endpoint or "").endswith("static")


# While Redis is away each process counts for itself: a search must not fail for want of a counter.
limiter = Limiter(_visitor, application_limits=[_PER_VISITOR], in_memory_fallback_enabled=True)
limiter.request_filter(_is_not_counted)
