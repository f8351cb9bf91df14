"""The security headers of every response, errors included."""

from flask import Flask, Response

_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",  # Bootstrap's own icons are data: pictures
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    # Our own pages may know the page before (a clinic leads back to the results); nobody else learns a search.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Strict-Transport-Security": "max-age=63072000",
}


def init_app(app: Flask) -> None:
    """Set the headers on every response; a page may ask for its own caching before."""
    app.after_request(_set_headers)


def _set_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
