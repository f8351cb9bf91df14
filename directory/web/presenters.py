"""How clinics and places look on a page: words, numbers and dates in the language of the reader."""

from collections.abc import Callable, Sequence
from datetime import date

from flask import Flask, url_for
from flask_babel import format_date, format_decimal, get_locale, gettext, ngettext

from directory.domain import browsers
from directory.domain.nearby import LARGEST_RADIUS_MILES, OFFERED_RADII_MILES, SMALLEST_RADIUS_MILES
from directory.domain.places import FoundPlace, Precision
from directory.domain.profile import CONDITIONS, ROUTES, SETTINGS, Term, terms
from directory.services.profiles import ClinicProfile
from directory.services.search import NearbyClinic
from directory.web.language import translated

NO_BREAK = "\N{NO-BREAK SPACE}"
_NEAREST_SHOWN = 0.1
_KM_PER_MILE = 1.609344  # the international mile of 1959


def init_app(app: Flask) -> None:
    """Give templates the words they need."""
    app.jinja_env.filters |= {
        "miles": miles, "whole_miles": whole_miles, "day": day, "routes": route_labels,
        "measured_from": measured_from, "translated": translated, "phone": phone, "host": host,
        "browser_words": browser_words, "begun": begun,
    }  # fmt: skip
    app.jinja_env.globals |= {
        "clinic_url": clinic_url,
        "radii_with": radii_with,
    }


def radii_with(asked: int | None) -> list[int]:
    """Return the radii that the form offers, in miles, and the one that was asked for in its place among them."""
    is_possible = asked is not None and SMALLEST_RADIUS_MILES <= asked <= LARGEST_RADIUS_MILES
    return sorted({*OFFERED_RADII_MILES, asked} if is_possible and asked else OFFERED_RADII_MILES)


def miles(distance: float) -> str:
    """Return a distance with one decimal: "3.0 mi", in Spanish "3.0 mi (4.8 km)"; the smallest are not told apart."""
    shown = max(distance, _NEAREST_SHOWN)
    said = gettext("%(number)s mi", number=_tenths(shown))
    if distance < _NEAREST_SHOWN:
        said = gettext("under 0.1 mi")
    return _and_kilometers(said, shown, _tenths)


def whole_miles(number: int) -> str:
    """Return a radius in words: "25 miles", in Spanish "25 millas (40 km)"."""
    said = ngettext("%(num)d mile", "%(num)d miles", number)
    return _and_kilometers(said, number, lambda kilometers: format_decimal(round(kilometers)))


def _and_kilometers(said: str, distance: float, written: Callable[[float], str]) -> str:
    """Roads in the United States are signed in miles; many who read Spanish think in kilometers."""
    if get_locale().language == "en":
        return said
    return gettext("%(miles)s (%(kilometers)s km)", miles=said, kilometers=written(distance * _KM_PER_MILE))


def _tenths(number: float) -> str:
    return str(format_decimal(number, format="#,##0.0"))


def day(moment: date) -> str:
    """Return a date with the month in letters, which stays in one line: "2 Oct 2026"."""
    return format_date(moment, "d MMM y").replace(" ", NO_BREAK)


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


def browser_words(name: str) -> str:
    """Return a browser as its owner knows it: "Firefox on Android"; what is not known of it is left out."""
    browser, system = browsers.parts(name)
    if not system:
        return browser or gettext("A browser")
    return gettext("%(browser)s on %(system)s", browser=browser, system=system)


def begun(words: str) -> str:
    """Return words as they begin a line: with a capital, and the rest as it was."""
    return words[:1].upper() + words[1:]


def clinic_url(clinic: NearbyClinic | ClinicProfile) -> str:
    """Return the address of a clinic's page."""
    return url_for("clinics.show", public_id=clinic.public_id, slug=clinic.slug)


def _labels(vocabulary: Sequence[Term], bits: int) -> str:
    return "; ".join(gettext(term.label) for term in terms(vocabulary, bits))
