"""The way back to the results from which somebody came, read from what the browser says by itself."""

from urllib.parse import urlsplit

from flask import request, url_for


def results_url() -> str | None:
    """Return the results page that led here, so that the way back needs neither script nor a place in our address."""
    results = url_for("search.nearby")
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if (
        came_from.scheme not in {"http", "https"}
        or came_from.netloc != request.host
        or came_from.path != results
        or not came_from.query
    ):
        return None
    return f"{results}?{came_from.query}"
