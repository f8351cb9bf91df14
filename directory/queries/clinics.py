"""Reads of clinics: by what an importer knows them again, with their facts."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, TextClause, select, text

from directory.models import ListingDecision
from directory.models.clinic import Clinic, ClinicFact, Organisation

#: "clin" in ASCII; any number will do that no other lock of ours uses.
_RECORDING_LOCK = 0x636C696E


def recorded(sources: Iterable[str], source_keys: Iterable[str]) -> Select[Any]:
    """Return all columns of the clinics, of any status, that `sources` know by `source_keys`; in no order.

    Keys of one source that another uses too come along: match the pair.
    """
    return select(*Clinic.__table__.columns).where(Clinic.source.in_(sources), Clinic.source_key.in_(source_keys))


def facts_of(clinic_ids: Iterable[int]) -> Select[int, str, str, date, int | None]:
    """Return id, field, source, date and what a moderator approved it by of every fact of the clinics; in no order."""
    columns = (ClinicFact.clinic_id, ClinicFact.field, ClinicFact.source, ClinicFact.seen_on, ClinicFact.revision_id)
    return select(*columns).where(ClinicFact.clinic_id.in_(clinic_ids))


def decided(clinic_ids: Iterable[int]) -> Select[int]:
    """Return those of the clinics to which a moderator's decision gave a status, in no order."""
    is_given = ListingDecision.listing_from != ListingDecision.listing_to
    return select(ListingDecision.clinic_id).distinct().where(ListingDecision.clinic_id.in_(clinic_ids), is_given)


def organisations_known_by(keys: Iterable[str]) -> Select[str, int]:
    """Return key and id of the organisations with one of the folded names `keys`; in no order."""
    return select(Organisation.key, Organisation.id).where(Organisation.key.in_(keys))


def recording_lock() -> TextClause:
    """Return the statement by which a PostgreSQL transaction waits for another that records clinics to end."""
    return text(f"SELECT pg_advisory_xact_lock({_RECORDING_LOCK})")
