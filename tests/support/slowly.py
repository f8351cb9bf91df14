"""A server that halts within every answer: what a test does not wait for shows at once."""

import time

#: Seconds before an answer, and once more after its first bytes.
_HALT = 0.25


def slowly(app):
    """Wrap a WSGI application; styles, scripts and pictures are late but whole."""

    def answer(environ, start_response):
        time.sleep(_HALT)
        parts = app(environ, start_response)
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        if environ["PATH_INFO"].startswith("/static/"):
            yield body
            return
        yield body[:10]
        time.sleep(_HALT)
        yield body[10:]

    return answer
