"""The security headers of every response, errors included."""

from flask import Flask, Response, request

from directory.domain.tiles import MapTiles

_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",  # Bootstrap's own icons are data: pictures
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


HEADERS = {
    "Content-Security-Policy": _written(_POLICY),
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
    headers = _with_tiles(app.config["MAP_TILES"]) if app.config["MAP_TILES"] else HEADERS

    def set_headers(response: Response) -> Response:
        response.headers.update(headers)
        # A page may repeat its query, in the link to the other language at least: a search stays in no cache.
        response.headers.setdefault("Cache-Control", "no-store" if request.query_string else "no-cache")
        return response

    app.after_request(set_headers)


def _with_tiles(tiles: MapTiles) -> dict[str, str]:
    policy = _POLICY | {"img-src": f"{_POLICY['img-src']} {tiles.origin}"}
    return HEADERS | {"Content-Security-Policy": _written(policy)}
