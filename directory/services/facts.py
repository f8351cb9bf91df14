"""Reads the facts of a listing, and writes those that were suggested: with source, day, and the point on the map."""

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from directory.domain.facts import VOCABULARIES, Facts, of_listing, restored
from directory.domain.folding import fold, squash
from directory.domain.gazetteer import PlaceRow
from directory.domain.geo import Point
from directory.domain.listings import Listing
from directory.domain.profile import ListingStatus, PointPrecision
from directory.domain.revisions import REVISABLE, WHEREABOUTS, RevisionKind
from directory.models import Clinic, ClinicFact, Organisation, Revision
from directory.queries import clinics, places
from directory.queries import revisions as queries
from directory.services import name_index
from directory.services.exchange.findings import Findings
from directory.services.exchange.placing import placed
from directory.services.gazetteer import Gazetteer
from directory.services.listings import columns_of
from directory.services.name_index import Named

_OF_THE_ROW = [name for name in REVISABLE if name != "organisation"]
_BY_AN_IMPORTER = ("source", "source_key")
#: Where one of these changes, a point that a source gave is no longer the clinic's.
_TOWN = {"city", "state"}


class Place(NamedTuple):
    """Where a clinic is, and how that was found; both None where nobody knows."""

    point: Point | None = None
    precision: PointPrecision | None = None


def of_clinic(session: Session, clinic: Clinic) -> Facts:
    """Return the facts of a listing as they stand; one statement where it belongs to a chain, else none."""
    chain = session.get(Organisation, clinic.organisation_id) if clinic.organisation_id else None
    return of_row(clinic, chain.name if chain else None)


def of_row(clinic: Clinic, chain: str | None) -> Facts:
    """Return the facts of a listing that belongs to a chain of that name, or to none."""
    return of_listing({name: getattr(clinic, name) for name in _OF_THE_ROW} | {"organisation": chain})


def centre_of(session: Session, facts: Facts) -> Place:
    """Return the centre of the ZIP code or the city of an address; one statement."""
    keys = [str(facts["postal_code"]), squash(str(facts["city"]))]
    rows = session.execute(places.with_keys([key for key in keys if key]))
    found = placed(_listing(facts, Place()), 0, Gazetteer(PlaceRow._make(row) for row in rows), Findings())
    return Place(found.point, found.point_precision)


def columns(session: Session, facts: Facts, place: Place) -> dict[str, Any]:
    """Return the columns of a listing with these facts there; a chain that is not recorded yet is entered."""
    found = columns_of(_listing(facts, place), _organisations(session, str(facts["organisation"])))
    return {name: value for name, value in found.items() if name not in _BY_AN_IMPORTER}


def put(session: Session, clinic: Clinic, revision: Revision) -> None:
    """Write what a revision states into its listing, each fact with its source and day.

    A clinic that has moved gets the point of its new ZIP code or city. Where its address was only wrong, a point that a
    source gave stays while city and state do. That something is not there any more is a fact as well. A listing that
    nobody published is not found by its name, and what it is called changes no search.
    """
    fields, here = restored(revision.fields), _place(clinic)
    facts = {**of_clinic(session, clinic), **fields}
    place = centre_of(session, facts) if _is_placed_anew(clinic, revision, fields) else here
    for name, value in columns(session, facts, place).items():
        setattr(clinic, name, value)
    session.flush()
    if revision.kind == RevisionKind.NEW:
        session.execute(queries.facts_gone(clinic.id))
        fields = {name: value for name, value in fields.items() if value}
    stated = {"address" if name in WHEREABOUTS else name for name in fields}
    _state(session, clinic, revision, stated, is_placed=place != here or revision.kind == RevisionKind.NEW)
    if clinic.status != ListingStatus.PROPOSED:
        find_by_name(session, clinic)


def find_by_name(session: Session, clinic: Clinic) -> None:
    """Let a listing be found by its name as it reads now."""
    name_index.keep(session, {clinic.id: Named(clinic.name, clinic.city)})


def _state(session: Session, clinic: Clinic, revision: Revision, stated: set[str], *, is_placed: bool) -> None:
    if is_placed:
        session.execute(queries.facts_gone(clinic.id, ["point"]))
        stated |= {"point"} if clinic.cell is not None else set()
    said = {"source": revision.source, "seen_on": revision.seen_on, "revision_id": revision.id}
    for name in sorted(stated):
        session.merge(ClinicFact(clinic_id=clinic.id, field=name, **said))
    session.flush()
    clinic.facts_as_of = session.scalars(queries.newest_fact(clinic.id)).one()
    session.flush()


def _is_placed_anew(clinic: Clinic, revision: Revision, fields: Facts) -> bool:
    is_only_mended = revision.kind == RevisionKind.EDIT and clinic.point_precision == PointPrecision.GIVEN
    return bool(fields.keys() & (_TOWN if is_only_mended else set(WHEREABOUTS)))


def _place(clinic: Clinic) -> Place:
    if clinic.latitude is None or clinic.longitude is None or clinic.point_precision is None:
        return Place()
    return Place(Point(clinic.latitude, clinic.longitude), PointPrecision(clinic.point_precision))


def _listing(facts: Facts, place: Place) -> Listing:
    texts: dict[str, Any] = {name: value or None for name, value in facts.items()}
    texts |= {name: facts[name] for name in ("name", "city", "state", "address", *VOCABULARIES)}
    # Of a source only what columns() leaves out.
    unused: dict[str, Any] = {"source": "", "source_key": "", "source_title": "", "seen_on": None}
    return Listing(**texts, **unused, point=place.point, point_precision=place.precision)


def _organisations(session: Session, name: str) -> dict[str, int]:
    if not name:
        return {}
    key = fold(name)
    session.execute(queries.organisation_entered(), {"name": name, "key": key})
    return {row.key: row.id for row in session.execute(clinics.organisations_known_by([key]))}
