"""Reads what the public may know of one clinic."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from directory.domain.card import Card, card
from directory.domain.facts import UNSHOWN
from directory.domain.identifiers import is_public_id
from directory.domain.profile import ListingStatus
from directory.domain.revisions import RevisionKind
from directory.domain.support import Lost
from directory.extensions import reading
from directory.models import Clinic
from directory.models.clinic import CLAIMS, FACT_FIELDS
from directory.queries import profiles as queries
from directory.services import checklists, gone, support
from directory.services.dossiers import gather
from directory.services.listing_history import ListingChange, history

_OPEN_OR_CLOSED = (RevisionKind.CLOSE, RevisionKind.REOPEN)


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
    status: str
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
    psychotherapy: int
    insurance: int
    payment_help: int
    accepts: int
    #: Of a session, in whole US dollars.
    price_min: int | None
    price_max: int | None
    latitude: float | None
    longitude: float | None
    point_precision: str | None
    facts_as_of: date
    facts: Mapping[str, Provenance]
    card: Card
    #: New reviews wait until that day, while moderators look at unusual activity; None: they do not.
    held_until: date | None
    #: The signs whose confirmation has lost evidence and is looked at again, each with what it lost.
    shaken: Mapping[str, Lost] = field(default_factory=dict)
    #: What was changed about the listing, the newest first.
    history: tuple[ListingChange, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether the clinic has closed."""
        return self.status == ListingStatus.CLOSED

    @property
    def closing(self) -> ListingChange | None:
        """How it became known that the clinic has closed; None where an import said so, or where it has not."""
        last = next((each for each in self.history if each.kind in _OPEN_OR_CLOSED), None)
        return last if self.is_closed and last and last.kind is RevisionKind.CLOSE else None

    @property
    def move(self) -> ListingChange | None:
        """The last move of the clinic; None where none is known."""
        return next((each for each in self.history if each.kind is RevisionKind.MOVE), None)


def show(public_id: str, *, as_of: date) -> ClinicProfile:
    """Return the clinic with this id that is published or has closed, its card as of a day, and its history.

    Raises Moved where another listing stands for it, Withheld where it is hidden, NotFound for any other. Seven
    statements, whatever the number of reviews; one more where somebody confirmed a sign.
    """
    with reading() as session:
        wanted = queries.shown(public_id, as_of)
        row = session.execute(wanted).one_or_none() if is_public_id(public_id) else None
        if row is None:
            raise gone.what_became(session, public_id)
        found = gather(session, [row.Clinic.id], with_evidence=True)[row.Clinic.id]
        shown = card(checklists.current(), found, as_of)
        shaken = support.of_clinic(session, row.Clinic.id, shown, found)
        changes = history(session, row.Clinic)
        return replace(_profile(row.Clinic, shown, row.held_until), shaken=shaken, history=changes)


def several(public_ids: Collection[str], *, as_of: date) -> dict[str, ClinicProfile]:
    """Return the clinics that are published or have closed by the id asked for, without evidence and history.

    Their cards are as of a day; a merged listing comes as the one that stands for it now. At most seven statements,
    whatever the number of clinics.
    """
    asked = [public_id for public_id in public_ids if is_public_id(public_id)]
    with reading() as session:
        successors = {row[0]: row[1] for row in session.execute(queries.successors(asked))}
        standing = {public_id: successors.get(public_id, public_id) for public_id in asked}
        rows = session.execute(queries.shown_among(standing.values(), as_of)).all()
        found = gather(session, [row.Clinic.id for row in rows])
        cards = {clinic_id: card(checklists.current(), dossier, as_of) for clinic_id, dossier in found.items()}
        shaken = support.of_clinics(session, cards, found)
        profiles = {
            row.Clinic.public_id: replace(
                _profile(row.Clinic, cards[row.Clinic.id], row.held_until), shaken=shaken[row.Clinic.id]
            )
            for row in rows
        }
    return {public_id: profiles[new] for public_id, new in standing.items() if new in profiles}


def _profile(clinic: Clinic, shown: Card, held_until: date | None) -> ClinicProfile:
    seen = {fact.field: Provenance(fact.source, fact.seen_on) for fact in clinic.facts}
    public = [field for field in FACT_FIELDS if field in seen and field != UNSHOWN and _is_stated(clinic, field)]
    return ClinicProfile(
        **{name: getattr(clinic, name) for name in _COLUMNS},
        organisation=clinic.organisation.name if clinic.organisation else None,
        facts={field: seen[field] for field in public},
        card=shown,
        held_until=held_until,
    )


def _is_stated(clinic: Clinic, field: str) -> bool:
    """Whether a fact says anything: that something is not there any more is kept with its source, and says nothing."""
    return bool(getattr(clinic, _STATING.get(field, field)))


#: The column by which a fact is known to be there, where it is not the one of its name.
_STATING = {"address": "city", "organisation": "organisation_id", "point": "cell", "price": "price_min"}
_COLUMNS = (
    "public_id", "status", "slug", "name", "address", "city", "state", "postal_code", "phone", "website", "npi",
    "routes", "settings", "conditions", *CLAIMS, "price_min", "price_max",
    "latitude", "longitude", "point_precision", "facts_as_of",
)  # fmt: skip
