"""Reads what the public may know of one clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from directory.domain.errors import NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.extensions import reading
from directory.models import Clinic
from directory.models.clinic import FACT_FIELDS
from directory.queries import profiles as queries


@dataclass(frozen=True)
class Provenance:
    """Where a fact was read, as a reader should see it, and when."""

    source: str
    seen_on: date


@dataclass(frozen=True, kw_only=True)
class ClinicProfile:
    """The public entry of one clinic. Masks are 0 and texts None or empty where nobody has said.

    `facts` maps a field of models.clinic.FACT_FIELDS to its provenance; the contact e-mail is staff-only and not here.
    """

    public_id: str
    slug: str
    name: str
    address: str
    city: str
    state: str
    postal_code: str | None
    phone: str | None
    website: str | None
    npi: str | None
    organisation: str | None
    routes: int
    settings: int
    conditions: int
    latitude: float | None
    longitude: float | None
    point_precision: str | None
    facts_as_of: date
    facts: Mapping[str, Provenance]


def show(public_id: str) -> ClinicProfile:
    """Return the published clinic with this id, in two statements; NotFound for any other."""
    with reading() as session:
        clinic = session.scalar(queries.published(public_id)) if is_public_id(public_id) else None
        if clinic is None:
            raise NotFound(N_("No clinic is listed at this address. It may have closed, or the address is mistyped."))
        return _profile(clinic)


def _profile(clinic: Clinic) -> ClinicProfile:
    seen = {fact.field: Provenance(fact.source, fact.seen_on) for fact in clinic.facts}
    public = [field for field in FACT_FIELDS if field in seen and field != "contact_email"]
    return ClinicProfile(
        **{name: getattr(clinic, name) for name in _COLUMNS},
        organisation=clinic.organisation.name if clinic.organisation else None,
        facts={field: seen[field] for field in public},
    )


_COLUMNS = (
    "public_id", "slug", "name", "address", "city", "state", "postal_code", "phone", "website", "npi", "routes",
    "settings", "conditions", "latitude", "longitude", "point_precision", "facts_as_of",
)  # fmt: skip
