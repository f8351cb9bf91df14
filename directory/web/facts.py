"""The facts of a clinic as rows for its page: label, words, link, source and date."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from flask import Flask
from flask_babel import gettext

from directory.domain.facts import VOCABULARIES
from directory.domain.labels import N_
from directory.domain.prices import price_text
from directory.domain.profile import PointPrecision, terms
from directory.services.profiles import ClinicProfile
from directory.web.presenters import condition_labels, host, phone, route_labels, setting_labels
from directory.web.prices import price_words


class StatedFact(NamedTuple):
    """A fact as its source states it; `href` only where a reader can follow it."""

    label: str
    text: str
    href: str | None
    source: str
    seen_on: date


def init_app(app: Flask) -> None:
    """Give templates the facts of a clinic."""
    app.jinja_env.filters |= {"stated_facts": stated_facts, "unstated": unstated, "address": address}


def address(clinic: ClinicProfile) -> str:
    """Return the address in one line."""
    street = [clinic.address] if clinic.address else []
    return ", ".join([*street, clinic.city, f"{clinic.state} {clinic.postal_code or ''}".strip()])


def stated_facts(clinic: ClinicProfile) -> list[StatedFact]:
    """Return the facts that a source has stated, in the order of the vocabulary."""
    return [stated for _, _, stated in each_fact(clinic) if stated]


def each_fact(clinic: ClinicProfile) -> Iterator[tuple[str, str, StatedFact | None]]:
    """Yield each fact of the vocabulary: its field, its label, and what was stated; None where no source has."""
    for field, (label, words) in _FACTS.items():
        fact, href = clinic.facts.get(field), _HREFS.get(field, _no_link)
        named = gettext(label)
        yield field, named, StatedFact(named, words(clinic), href(clinic), fact.source, fact.seen_on) if fact else None


def unstated(clinic: ClinicProfile) -> list[str]:
    """Return the labels of the facts that no source has stated."""
    return [gettext(label) for field, (label, _) in _FACTS.items() if field not in clinic.facts]


def _point(clinic: ClinicProfile) -> str:
    return gettext(_POINTS[PointPrecision(clinic.point_precision or PointPrecision.GIVEN)])


def _said(field: str, bits: int) -> str:
    return "; ".join(gettext(term.label) for term in terms(VOCABULARIES[field], bits))


def _no_link(_clinic: ClinicProfile) -> None:
    return None


_POINTS = {
    PointPrecision.GIVEN: N_("As given by the source"),
    PointPrecision.ZIP: N_("The center of its ZIP code"),
    PointPrecision.CITY: N_("The center of its city"),
}
_FACTS: dict[str, tuple[str, Callable[[ClinicProfile], str]]] = {
    "address": (N_("Address"), address),
    "phone": (N_("Telephone"), lambda clinic: phone(clinic.phone or "")),
    "website": (N_("Website"), lambda clinic: host(clinic.website or "")),
    "routes": (N_("Form of treatment"), lambda clinic: route_labels(clinic.routes)),
    "settings": (N_("Where treatment takes place"), lambda clinic: setting_labels(clinic.settings)),
    "conditions": (N_("Conditions the clinic says it treats"), lambda clinic: condition_labels(clinic.conditions)),
    "psychotherapy": (N_("Psychotherapy"), lambda clinic: _said("psychotherapy", clinic.psychotherapy)),
    "accepts": (N_("Who can come"), lambda clinic: _said("accepts", clinic.accepts)),
    "price": (N_("Price a session"), lambda clinic: price_words(price_text(clinic.price_min, clinic.price_max))),
    "insurance": (N_("Insurance"), lambda clinic: _said("insurance", clinic.insurance)),
    "payment_help": (N_("Help with payment"), lambda clinic: _said("payment_help", clinic.payment_help)),
    "organisation": (N_("Run by"), lambda clinic: clinic.organisation or ""),
    "npi": (N_("National Provider Identifier (not a license)"), lambda clinic: clinic.npi or ""),
    "point": (N_("Location used for distances"), _point),
}
_HREFS: dict[str, Callable[[ClinicProfile], str | None]] = {
    "phone": lambda clinic: f"tel:{clinic.phone}",
    "website": lambda clinic: clinic.website,
}
