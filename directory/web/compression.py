"""Sends texts compressed where that gives nothing away: our files, and pages to visitors without a cookie.

Beside something secret on a page, what somebody else makes the visitor ask for could be told from the length of the
compressed answer (the attack BREACH, Gluck, Harris and Prado 2013). A visitor without a cookie has no secret yet.
"""

import gzip

from flask import Flask, Response, request

_TYPES = {
    "text/html", "text/css", "text/javascript", "text/plain", "application/javascript", "application/json",
    "application/atom+xml", "image/svg+xml",
}  # fmt: skip
#: A shorter answer fits the packets that are sent anyway.
_LEAST_BYTES = 1000
_LEVEL, _LEVEL_OF_FILES = 6, 9
#: The tag of a file's content → the content compressed; no more than there are files of ours and of our packages.
_KEPT: dict[str, bytes] = {}


def init_app(app: Flask) -> None:
    """Compress the answers for those who take them so."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    is_file = (request.endpoint or "").endswith("static")
    is_coded = "Content-Encoding" in response.headers
    if response.status_code not in {200, 304} or response.mimetype not in _TYPES or is_coded:
        return response
    response.vary.add("Accept-Encoding")
    tag, _ = response.get_etag()
    if tag:
        # Whether the bytes are compressed or not, they say the same; but no part of the ones fits to the others.
        response.set_etag(tag, weak=True)
        response.headers["Accept-Ranges"] = "none"
    if request.accept_encodings["gzip"] <= 0 or not (is_file or not request.cookies):
        return response
    if response.status_code == 304 or (response.is_streamed and not is_file):
        return response
    response.direct_passthrough = False
    if len(response.get_data()) >= _LEAST_BYTES:
        _set_compressed(response, is_file=is_file)
    return response


def _set_compressed(response: Response, *, is_file: bool) -> None:
    tag, _ = response.get_etag()
    if is_file and tag:
        if tag not in _KEPT:
            _KEPT[tag] = gzip.compress(response.get_data(), _LEVEL_OF_FILES, mtime=0)
        response.set_data(_KEPT[tag])
    else:
        response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
