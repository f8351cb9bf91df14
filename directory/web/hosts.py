"""Refuses a Host header that is no name at all, before anything is built from it."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Response

from directory.web.headers import HEADERS

_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]+\]")
_PORT = re.compile("(?::[0-9]{1,5})?")
#: RFC 1035, section 2.3.4.
_LONGEST_NAME, _LONGEST_LABEL = 253, 63

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]


def foreign_host() -> Response:
    """Return what a request under a name that is not ours gets: text, because no address of a page can be built."""
    return Response("This site does not answer under that name.\n", 400, HEADERS, mimetype="text/plain")


class HostCheck:
    """Answers requests whose Host is malformed; which of the others are trusted Flask decides by TRUSTED_HOSTS."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        host = environ.get("HTTP_HOST")
        if host is not None and not is_name(host):
            return foreign_host()(environ, start_response)
        return self._application(environ, start_response)


def is_name(host: str) -> bool:
    """Whether `host`, with or without a port, can be the name or the number of a server."""
    found = _NAME.match(host)
    if not found or len(host) > _LONGEST_NAME or not _PORT.fullmatch(host, found.end()):
        return False
    return all(0 < len(label) <= _LONGEST_LABEL for label in found[0].rstrip(".").split(".")) or found[0].startswith(
        "["
    )
