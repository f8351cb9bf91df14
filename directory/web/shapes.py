"""The shapes of the JSON: what programs may rely on."""

from collections.abc import Sequence

from directory.domain.places import FoundPlace
from directory.domain.profile import (
    ACCEPTS,
    CONDITIONS,
    INSURANCE,
    PAYMENT_HELP,
    PSYCHOTHERAPY,
    ROUTES,
    SETTINGS,
    Term,
    terms,
)
from directory.services.listing_history import ListingChange
from directory.services.names import NameHits
from directory.services.profiles import ClinicProfile
from directory.services.search import NearbyClinic, NearbyResults
from directory.services.suggesting import Suggestions
from directory.web.language import translated
from directory.web.presenters import clinic_url
from directory.web.score_shapes import card_as_json, score_as_json


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
    """Return one row of the results; distances are in miles with six decimals, which is under 2 mm.

    `signs_seen_on` is the newest day on which somebody observed one of the signs, of the answers that count.
    """
    miles, seen_on = clinic.distance_miles, clinic.signs_seen_on
    return _identity(clinic) | score_as_json(clinic.score) | {
        "distance_miles": None if miles is None else round(miles, 6),
        "signs_seen_on": seen_on.isoformat() if seen_on else None,
    }  # fmt: skip


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


def names_as_json(hits: NameHits) -> dict[str, object]:
    """Return the clinics of a name for the API, in the order of the page for people; `more` are as likely."""
    return {"clinics": [clinic_as_json(clinic) for clinic in hits.clinics], "more": hits.more}


def suggestions_as_json(suggestions: Suggestions) -> dict[str, object]:
    """Return what may be meant by the beginning of a search."""
    names = ("id", "name", "city", "state", "url")
    return {
        "places": [place_as_json(place) for place in suggestions.places],
        "clinics": [{name: _identity(clinic)[name] for name in names} for clinic in suggestions.clinics],
    }


def profile_as_json(clinic: ClinicProfile) -> dict[str, object]:
    """Return everything public about one clinic: each fact with its source and date, and its card.

    Prices are of a session, in whole US dollars; a list is empty and a price null where nobody has said.
    `held_until` is the day until which new reviews wait, because there was unusual activity; None: they do not.
    `status` is "published" or "closed", `history` what was changed about the listing, the newest first.
    """
    stated: dict[str, object] = {
        "address": clinic.address,
        "phone": clinic.phone,
        "website": clinic.website,
        "npi": clinic.npi,
        "organisation": clinic.organisation,
        "settings": _words(SETTINGS, clinic.settings),
        "conditions": _words(CONDITIONS, clinic.conditions),
        "psychotherapy": _words(PSYCHOTHERAPY, clinic.psychotherapy),
        "insurance": _words(INSURANCE, clinic.insurance),
        "payment_help": _words(PAYMENT_HELP, clinic.payment_help),
        "accepts": _words(ACCEPTS, clinic.accepts),
        "price_min": clinic.price_min,
        "price_max": clinic.price_max,
        "point_precision": clinic.point_precision,
        "facts": {
            field: {"source": fact.source, "seen_on": fact.seen_on.isoformat()} for field, fact in clinic.facts.items()
        },
    }
    held: dict[str, object] = {"held_until": clinic.held_until.isoformat() if clinic.held_until else None}
    listing: dict[str, object] = {
        "status": clinic.status,
        "history": [_change_as_json(change) for change in clinic.history],
    }
    return _identity(clinic) | stated | held | listing | card_as_json(clinic.card)


def _change_as_json(change: ListingChange) -> dict[str, object]:
    return {
        "entry": change.entry,
        "what": change.kind.value if change.kind else change.action.value,
        "on": change.on.isoformat(),
        "source": change.source,
        "source_url": change.source_url or None,
        "seen_on": change.seen_on.isoformat() if change.seen_on else None,
        "fields": list(change.fields),
        "moved_from": change.moved_from or None,
        "joined": change.joined or None,
    }


def _identity(clinic: NearbyClinic | ClinicProfile) -> dict[str, object]:
    return {
        "id": clinic.public_id,
        "name": clinic.name,
        "slug": clinic.slug,
        "city": clinic.city,
        "state": clinic.state,
        "postal_code": clinic.postal_code,
        "latitude": clinic.latitude,
        "longitude": clinic.longitude,
        "routes": _words(ROUTES, clinic.routes),
        "facts_as_of": clinic.facts_as_of.isoformat(),
        "url": clinic_url(clinic),
    }


def _words(vocabulary: Sequence[Term], bits: int) -> list[str]:
    return [term.word for term in terms(vocabulary, bits)]
