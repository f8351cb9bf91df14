"""One way from a search form to its results, for the page and the API alike."""

from flask import current_app, request, url_for

from directory.services import search
from directory.services.search import NearbyResults
from directory.web import cursors
from directory.web.forms import SearchForm


def find(form: SearchForm) -> NearbyResults:
    """Return what a valid form asks for; raises UnknownPlace, AmbiguousPlace or InvalidParameter (cursor)."""
    wishes = form.wishes()
    place = search.find_place(current_app.extensions["geocoder"], form.near.data or "")
    return search.nearby(place, wishes, cursors.read(form.cursor.data or "", place, wishes))


def next_url(endpoint: str, results: NearbyResults) -> str | None:
    """Return the address of the page after `results`, with everything else that was asked for; None on the last."""
    if results.next is None:
        return None
    asked = request.args.to_dict(flat=False) | {"cursor": [cursors.write(results.next, results.place, results.wishes)]}
    return url_for(endpoint, **asked)  # type: ignore[arg-type]  # lists become repeated parameters
