"""One way from a search form to its results, for the page and the API alike."""

from flask import current_app

from directory.services import search
from directory.services.search import NearbyResults
from directory.web import cursors
from directory.web.forms import SearchForm


def find(form: SearchForm) -> NearbyResults:
    """Return what a valid form asks for; raises UnknownPlace, AmbiguousPlace or InvalidParameter (cursor)."""
    wishes = form.wishes()
    place = search.find_place(current_app.extensions["geocoder"], form.near.data or "")
    return search.nearby(place, wishes, cursors.read(form.cursor.data or "", place, wishes))
