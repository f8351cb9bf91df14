"""One way from a search form to its results, for the page and the API alike."""

from flask import current_app

from directory.domain.places import FoundPlace
from directory.services import asking, search
from directory.services.asking import Asked
from directory.services.search import NearbyResults
from directory.web import cursors
from directory.web.forms import SearchForm


def ask(form: SearchForm) -> Asked:
    """Return what the words of a valid form's one box ask for."""
    return asking.ask(current_app.extensions["geocoder"], form.near.data or "")


def find(form: SearchForm, place: FoundPlace | None = None, *, with_counts: bool = False) -> NearbyResults:
    """Return what a valid form asks for, around `place` where it is known already; the page counts its filters.

    Raises UnknownPlace, AmbiguousPlace or InvalidParameter (cursor).
    """
    wishes = form.wishes()
    place = place or search.find_place(current_app.extensions["geocoder"], form.near.data or "")
    return search.nearby(place, wishes, cursors.read(form.cursor.data or "", place, wishes), with_counts=with_counts)
