"""Applications as the tests serve them to a browser: in whole answers, and slowly, to find what does not wait."""

import time

#: Seconds before an answer, and once more after its first bytes.
_HALT = 0.25


def whole(app):
    """Wrap a WSGI application so that what an answer is read from is closed before it is sent.

    Where a browser goes away meanwhile, Werkzeug's server for development leaves a file open, which is a warning.
    """

    def answer(environ, start_response):
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer


def slowly(app):
    """Wrap one whose answers are whole, so that it halts before each and in its midst; files are late but in one."""

    def answer(environ, start_response):
        time.sleep(_HALT)
        (body,) = app(environ, start_response)
        if environ["PATH_INFO"].startswith("/static/"):
            yield body
            return
        yield body[:10]
        time.sleep(_HALT)
        yield body[10:]

    return answer
