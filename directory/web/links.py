"""Addresses that keep a search and change one thing of it, and the sentence at the head of the results."""

from flask import Flask, request, url_for
from flask_babel import format_decimal, gettext, ngettext

from directory.domain.facets import CHECKED, GROUPS, NO_CONFIRMED, PRICES
from directory.domain.labels import N_, NN_
from directory.domain.nearby import OFFERED_RADII_MILES, Wishes
from directory.domain.profile import ROUTES, terms
from directory.services.names import NameHits
from directory.services.search import NearbyResults
from directory.web import cursors, filters
from directory.web.filters import Chosen
from directory.web.presenters import whole_miles


def init_app(app: Flask) -> None:
    """Give templates the links of the results page, and the words of its filters."""
    filters.init_app(app)
    app.jinja_env.filters |= {
        "headline": headline,
        "in_force": in_force,
        "wider": wider,
        "same_search": same_search,
        "why_empty": why_empty,
        "is_place_wider": is_place_wider,
        "by_name": by_name,
        "name_headline": name_headline,
    }
    app.jinja_env.globals |= {
        "first_page": first_page,
        "json_address": json_address,
        "with_routes": with_routes,
        "without_filters": without_filters,
    }


def headline(results: NearbyResults) -> str:
    """Return what was found in one line: "7 clinics within 25 miles of Saint Louis, MO 63101"."""
    around = whole_miles(results.wishes.radius_miles)
    words = {"around": around, "place": results.place.label}
    none, many, sentence = _HEADLINES[results.wishes.has_filters]
    if results.count.total == 0:
        return gettext(none, **words)
    if results.count.is_capped:
        return gettext(many, number=format_decimal(results.count.total), **words)
    return ngettext(*sentence, results.count.total, **words)


#: Whether something narrows the results → the headline for none, for more than were counted, and for one or some.
_HEADLINES = {
    False: (
        N_("No clinic within %(around)s of %(place)s"),
        N_("%(number)s+ clinics within %(around)s of %(place)s"),
        NN_("%(num)d clinic within %(around)s of %(place)s", "%(num)d clinics within %(around)s of %(place)s"),
    ),
    True: (
        N_("No clinic that fits within %(around)s of %(place)s"),
        N_("%(number)s+ clinics that fit, within %(around)s of %(place)s"),
        NN_(
            "%(num)d clinic that fits, within %(around)s of %(place)s",
            "%(num)d clinics that fit, within %(around)s of %(place)s",
        ),
    ),
}


def name_headline(hits: NameHits, typed: str) -> str:
    """Return what a search by name found: "2 clinics named like “paper kite”"."""
    number = len(hits.clinics)
    if not number:
        return gettext("No clinic named like “%(typed)s”", typed=typed)
    if hits.more:
        return gettext("The %(number)s clinics named most like “%(typed)s”", number=number, typed=typed)
    return ngettext(
        "%(num)d clinic named like “%(typed)s”", "%(num)d clinics named like “%(typed)s”", number, typed=typed
    )


def why_empty(results: NearbyResults) -> str:
    """Return why no clinic is shown, without promising that there is none."""
    around = whole_miles(results.wishes.radius_miles)
    if results.wishes.has_filters:
        return gettext("None of the clinics listed within %(around)s fits what you asked for.", around=around)
    return gettext(
        "None of the clinics listed here is within %(around)s. There may be clinics that we do not list.", around=around
    )


def is_place_wider(results: NearbyResults) -> bool:
    """Whether the place reaches farther from its center than was searched."""
    return (results.place.accuracy_miles or 0) > results.wishes.radius_miles


def in_force(wishes: Wishes) -> list[tuple[str, str]]:
    """Return each filter that narrows the results: its label, and the address without it."""
    return [(each.label, _without(each)) for each in filters.in_force(wishes)]


def _without(filter_: Chosen) -> str:
    is_set = filter_.name in _SETS
    return _search(**{filter_.name: [word for word in _asked(filter_.name) if is_set and word != filter_.word]})


def wider(results: NearbyResults) -> list[tuple[int, str]]:
    """Return the offered radii beyond this one that reach a clinic, in miles, each with its address."""
    least = results.beyond.distance_miles if results.beyond else None
    if least is None:
        return []
    return [(miles, _search(radius=[str(miles)])) for miles in OFFERED_RADII_MILES if miles >= least]


def without_filters() -> str:
    """Return the address of this search with nothing but place, radius and order."""
    return _search(**{name: [] for name in _FILTERS})


def first_page() -> str:
    """Return the address of the first page of this search."""
    return _search()


def same_search(near: str, routes: int = 0) -> str:
    """Return the address of this search around another place, narrowed to the treatments of the mask `routes` too."""
    return _search(near=[near], **_with(routes))


def by_name(name: str) -> str:
    """Return the address of the clinics of this name, wherever they are."""
    return url_for("search.nearby", name=name)


def with_routes(routes: int) -> list[str]:
    """Return the words of the treatments that are asked for, those of the mask `routes` too."""
    return list(dict.fromkeys([*_asked("route"), *(term.word for term in terms(ROUTES, routes))]))


def _with(routes: int) -> dict[str, list[str]]:
    return {"route": with_routes(routes)} if routes else {}


def json_address() -> str:
    """Return the address of these results in the API."""
    return _address("api.nearby")


def next_url(endpoint: str, results: NearbyResults) -> str | None:
    """Return the address of the page after `results`, with everything else that was asked for; None on the last."""
    if results.next is None:
        return None
    return _address(endpoint, cursor=[cursors.write(results.next, results.place, results.wishes)])


def _search(**changes: list[str]) -> str:
    return _address("search.nearby", **changes)


def _address(endpoint: str, **changes: list[str]) -> str:
    """Return an address with this search and `changes`; a cursor stays behind, it belongs to the search as it was.

    Only the parameters of a search are taken over: url_for() has parameters of its own, and a visitor who names them
    must not reach them.
    """
    kept = {name: _asked(name) for name in _KEPT if name in request.args}
    return url_for(endpoint, **kept | changes)  # type: ignore[arg-type]  # lists become repeated parameters


def _asked(name: str) -> list[str]:
    """Return what was asked for by a parameter, as the form reads it: each word of a set once, else the first alone."""
    typed = request.args.getlist(name)
    return list(dict.fromkeys(typed)) if name in _SETS else typed[:1]


#: Of these several may be asked for.
_SETS = tuple(group.name for group in GROUPS if group.choices is not PRICES)
_FILTERS = (*(group.name for group in GROUPS), NO_CONFIRMED, CHECKED, "words")
_KEPT = ("near", "radius", "sort", *_FILTERS, "limit")
