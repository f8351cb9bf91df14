"""Reads what the public may know of one clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from directory.domain.card import Card, card
from directory.domain.errors import NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.profile import NOT_LISTED
from directory.extensions import reading
from directory.models import Clinic
from directory.models.clinic import FACT_FIELDS
from directory.queries import profiles as queries
from directory.services import checklists
from directory.services.dossiers import gather


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
    card: Card
    #: New reviews wait until that day, while moderators look at unusual activity; None: they do not.
    held_until: date | None


def show(public_id: str, *, as_of: date) -> ClinicProfile:
    """Return the published clinic with this id and its card as of a day; NotFound for any other.

    Six statements, whatever the number of reviews.
    """
    with reading() as session:
        wanted = queries.published(public_id, as_of)
        row = session.execute(wanted).one_or_none() if is_public_id(public_id) else None
        if row is None:
            raise NotFound(NOT_LISTED)
        found = gather(session, [row.Clinic.id], with_evidence=True)[row.Clinic.id]
        return _profile(row.Clinic, card(checklists.current(), found, as_of), row.held_until)


def _profile(clinic: Clinic, shown: Card, held_until: date | None) -> ClinicProfile:
    seen = {fact.field: Provenance(fact.source, fact.seen_on) for fact in clinic.facts}
    public = [field for field in FACT_FIELDS if field in seen and field != "contact_email"]
    return ClinicProfile(
        **{name: getattr(clinic, name) for name in _COLUMNS},
        organisation=clinic.organisation.name if clinic.organisation else None,
        facts={field: seen[field] for field in public},
        card=shown,
        held_until=held_until,
    )


_COLUMNS = (
    "public_id", "slug", "name", "address", "city", "state", "postal_code", "phone", "website", "npi", "routes",
    "settings", "conditions", "latitude", "longitude", "point_precision", "facts_as_of",
)  # fmt: skip
