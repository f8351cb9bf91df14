"""How clinics and places look to the outside: words and numbers for pages, and the shapes of the JSON."""

from collections.abc import Sequence
from datetime import date

from flask import Flask, url_for
from flask_babel import format_date, format_decimal, get_locale, gettext, ngettext

from directory.domain.nearby import LARGEST_RADIUS_MILES, OFFERED_RADII_MILES, SMALLEST_RADIUS_MILES
from directory.domain.places import FoundPlace, Precision
from directory.domain.profile import CONDITIONS, ROUTES, SETTINGS, Term, terms
from directory.services.profiles import ClinicProfile
from directory.services.search import NearbyClinic, NearbyResults
from directory.web.language import translated

_NEAREST_SHOWN = 0.1


def init_app(app: Flask) -> None:
    """Give templates the words they need."""
    app.jinja_env.filters |= {
        "miles": miles, "day": day, "routes": route_labels, 
        "measured_from": measured_from, "translated": translated, "phone": phone, "host": host,
    }  # fmt: skip
    app.jinja_env.globals |= {
        "clinic_url": clinic_url,
        "language": lambda: str(get_locale()),
        "radii_with": radii_with,
    }


def radii_with(asked: int | None) -> list[int]:
    """Return the radii that the form offers, in miles, and the one that was asked for in its place among them."""
    is_possible = asked is not None and SMALLEST_RADIUS_MILES <= asked <= LARGEST_RADIUS_MILES
    return sorted({*OFFERED_RADII_MILES, asked} if is_possible and asked else OFFERED_RADII_MILES)


def miles(distance: float) -> str:
    """Return a distance with one decimal: "3.0 mi"; the smallest are not told apart."""
    if distance < _NEAREST_SHOWN:
        return gettext("under 0.1 mi")
    return gettext("%(number)s mi", number=format_decimal(distance, format="#,##0.0"))


def day(moment: date) -> str:
    """Return a date with the month in letters: "2 Oct 2026"."""
    return format_date(moment, "d MMM y")


def route_labels(bits: int) -> str:
    """Return the forms of treatment as one phrase; empty when nobody has said."""
    return _labels(ROUTES, bits)


def setting_labels(bits: int) -> str:
    """Return the settings as one phrase; empty when nobody has said."""
    return _labels(SETTINGS, bits)


def condition_labels(bits: int) -> str:
    """Return the conditions as one phrase; empty when nobody has said."""
    return _labels(CONDITIONS, bits)


def measured_from(place: FoundPlace) -> str:
    """Return where the distances begin, how far that may be from the reader, and what they leave out."""
    about = max(1, round(place.accuracy_miles or 0))
    match place.precision:
        case Precision.ZIP:
            sentence = ngettext(
                "Straight-line distances from the center of the ZIP code (you may be about %(num)d mile"
                " from it). The drive is longer.",
                "Straight-line distances from the center of the ZIP code (you may be about %(num)d miles"
                " from it). The drive is longer.",
                about,
            )
        case Precision.CITY:
            sentence = ngettext(
                "Straight-line distances from the center of the city (you may be about %(num)d mile from"
                " it). The drive is longer.",
                "Straight-line distances from the center of the city (you may be about %(num)d miles"
                " from it). The drive is longer.",
                about,
            )
        case Precision.POINT:
            sentence = gettext("Straight-line distances from the point you gave. The drive is longer.")
    return sentence


def phone(number: str) -> str:
    """Return an E.164 number of the US as people write it: "618-555-0142"."""
    return f"{number[2:5]}-{number[5:8]}-{number[8:]}"


def host(address: str) -> str:
    """Return the part of a web address that people read."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/")


def clinic_url(clinic: NearbyClinic | ClinicProfile) -> str:
    """Return the address of a clinic's page."""
    return url_for("clinics.show", public_id=clinic.public_id, slug=clinic.slug)


def place_as_json(place: FoundPlace) -> dict[str, object]:
    """Return a place for the API; the coordinates are the ones that distances were measured from."""
    return {
        "label": place.label,
        "latitude": place.point.latitude,
        "longitude": place.point.longitude,
        "precision": place.precision.value,
        "accuracy_miles": place.accuracy_miles,
        "notes": [translated(note) for note in place.notes],
    }


def candidates_as_json(places: Sequence[object]) -> list[dict[str, object]]:
    """Return the choices for an ambiguous place, largest first."""
    return [place_as_json(place) for place in places if isinstance(place, FoundPlace)]


def clinic_as_json(clinic: NearbyClinic) -> dict[str, object]:
    """Return one row of the results for the API; distances have three decimals, about a pace."""
    return {
        "id": clinic.public_id,
        "name": clinic.name,
        "slug": clinic.slug,
        "city": clinic.city,
        "state": clinic.state,
        "postal_code": clinic.postal_code,
        "latitude": clinic.latitude,
        "longitude": clinic.longitude,
        "distance_miles": None if clinic.distance_miles is None else round(clinic.distance_miles, 3),
        "routes": [term.word for term in terms(ROUTES, clinic.routes)],
        "facts_as_of": clinic.facts_as_of.isoformat(),
        "url": clinic_url(clinic),
    }


def results_as_json(results: NearbyResults, next_url: str | None) -> dict[str, object]:
    """Return a page of results for the API, in the order of the page for people."""
    return {
        "place": place_as_json(results.place),
        "radius_miles": results.wishes.radius_miles,
        "total": results.count.total,
        "total_is_capped": results.count.is_capped,
        "clinics": [clinic_as_json(clinic) for clinic in results.clinics],
        "nearest_beyond": clinic_as_json(results.beyond) if results.beyond else None,
        "not_on_the_map": [clinic_as_json(clinic) for clinic in results.unmapped],
        "more_not_on_the_map": results.more_unmapped,
        "next": next_url,
    }


def profile_as_json(clinic: ClinicProfile) -> dict[str, object]:
    """Return everything public about one clinic, each fact with its source and date."""
    return {
        "id": clinic.public_id,
        "name": clinic.name,
        "slug": clinic.slug,
        "address": clinic.address,
        "city": clinic.city,
        "state": clinic.state,
        "postal_code": clinic.postal_code,
        "phone": clinic.phone,
        "website": clinic.website,
        "npi": clinic.npi,
        "organisation": clinic.organisation,
        "routes": [term.word for term in terms(ROUTES, clinic.routes)],
        "settings": [term.word for term in terms(SETTINGS, clinic.settings)],
        "conditions": [term.word for term in terms(CONDITIONS, clinic.conditions)],
        "latitude": clinic.latitude,
        "longitude": clinic.longitude,
        "point_precision": clinic.point_precision,
        "facts_as_of": clinic.facts_as_of.isoformat(),
        "facts": {
            field: {"source": fact.source, "seen_on": fact.seen_on.isoformat()} for field, fact in clinic.facts.items()
        },
        "url": clinic_url(clinic),
    }


def _labels(vocabulary: Sequence[Term], bits: int) -> str:
    return ", ".join(gettext(term.label) for term in terms(vocabulary, bits))
