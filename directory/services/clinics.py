"""Writes the public entries of clinics, many at a time, each fact with its source and date."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from directory.domain.listings import Listing
from directory.extensions import db, reading, writing
from directory.models.base import now, random_public_id
from directory.models.clinic import Clinic, ClinicFact, Organisation
from directory.queries import clinics as queries
from directory.services import name_index
from directory.services.listings import Comparison, Entry, Known, Stated, compare, organisation_names

#: Clinics a statement: they bind about 30,000 values, below the 32,766 that SQLite allows (SQLITE_MAX_VARIABLE_NUMBER).
CHUNK = 800


@dataclass(frozen=True)
class Recorded:
    """How many listings were new, changed and unchanged."""

    new: int
    changed: int
    unchanged: int


def record(listings: Sequence[Listing], *, on_progress: Callable[[int], None] = lambda _count: None) -> Recorded:
    """Write `listings` in one transaction and return how many were new, changed and unchanged.

    A clinic is known again by its source and source key, which must be distinct in `listings`. Recording the same
    twice changes nothing: a fact whose value stands keeps its date unless the source itself gives a later one, a
    listing is never taken back from published nor re-opened, and what a moderator approved stays as it is.
    `on_progress` gets the number of listings since the last call. A second process that records waits for the first.
    On any error nothing is written.
    """
    with writing() as session:
        return _record(session, listings, on_progress)


def rehearse(listings: Sequence[Listing], *, on_progress: Callable[[int], None] = lambda _count: None) -> Recorded:
    """Return what record() would return for `listings`, and write nothing."""
    with reading() as session:
        organisations = _organisations(session, organisation_names(listings))
        counts = [
            _counted(compare(chunk, _known(session, chunk, organisations))) for chunk in _chunks(listings, on_progress)
        ]
    return _total(counts)


def _record(session: Session, listings: Sequence[Listing], on_progress: Callable[[int], None]) -> Recorded:
    if db.engine.dialect.name == "postgresql":
        session.execute(queries.recording_lock())
    organisations = _with_new_organisations(session, organisation_names(listings))
    counts = []
    for chunk in _chunks(listings, on_progress):
        comparison = compare(chunk, _known(session, chunk, organisations))
        _insert(session, comparison.new)
        _update(session, comparison.changed)
        counts.append(_counted(comparison))
    return _total(counts)


def _chunks(listings: Sequence[Listing], on_progress: Callable[[int], None]) -> Iterator[list[Listing]]:
    rest = iter(listings)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
        on_progress(len(chunk))


def _counted(comparison: Comparison) -> Recorded:
    return Recorded(len(comparison.new), len(comparison.changed), comparison.unchanged)


def _total(counts: Sequence[Recorded]) -> Recorded:
    return Recorded(
        new=sum(count.new for count in counts),
        changed=sum(count.changed for count in counts),
        unchanged=sum(count.unchanged for count in counts),
    )


def _known(session: Session, chunk: Sequence[Listing], organisations: Mapping[str, int]) -> Known:
    statement = queries.recorded({listing.source for listing in chunk}, [listing.source_key for listing in chunk])
    rows = [dict(row) for row in session.execute(statement).mappings()]
    clinics = {(row["source"], row["source_key"]): row for row in rows}
    facts: dict[int, dict[str, Stated]] = {}
    for clinic_id, name, source, seen_on, revision_id in session.execute(queries.facts_of(row["id"] for row in rows)):
        facts.setdefault(clinic_id, {})[name] = Stated(source, seen_on, revision_id)
    decided = frozenset(session.scalars(queries.decided(row["id"] for row in rows)))
    return Known(organisations, clinics, facts, decided)


def _organisations(session: Session, names: Mapping[str, str]) -> dict[str, int]:
    keys = iter(names)
    found: dict[str, int] = {}
    while chunk := list(islice(keys, CHUNK)):
        found |= {row.key: row.id for row in session.execute(queries.organisations_known_by(chunk))}
    return found


def _with_new_organisations(session: Session, names: Mapping[str, str]) -> dict[str, int]:
    found = _organisations(session, names)
    new = [{"key": key, "name": name} for key, name in names.items() if key not in found]
    if new:
        rows = session.execute(insert(Organisation).returning(Organisation.key, Organisation.id), new)
        found |= {row.key: row.id for row in rows}
    return found


def _insert(session: Session, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    by_key = {(entry.listing.source, entry.listing.source_key): entry for entry in entries}
    rows = [_as_new(entry) for entry in entries]
    written = session.execute(
        insert(Clinic).returning(Clinic.id, Clinic.source, Clinic.source_key),
        rows,
        execution_options={"render_nulls": True},  # else each combination of empty columns is a statement of its own
    )
    entered = {number: by_key[source, key] for number, source, key in written}
    _insert_facts(session, entered)
    name_index.keep(session, _named(entered), are_new=True)


def _as_new(entry: Entry) -> dict[str, Any]:
    moment = now()
    public_id = entry.listing.public_id or random_public_id()
    return entry.columns | {"public_id": public_id, "created_at": moment, "updated_at": moment}


def _update(session: Session, entries: Mapping[int, Entry]) -> None:
    if not entries:
        return
    moment = now()
    rows = [entry.columns | {"id": number, "updated_at": moment} for number, entry in entries.items()]
    session.execute(update(Clinic), rows)
    session.execute(
        delete(ClinicFact).where(ClinicFact.clinic_id.in_(entries)), execution_options={"synchronize_session": False}
    )
    _insert_facts(session, entries)
    name_index.keep(session, _named(entries))


def _named(entries: Mapping[int, Entry]) -> dict[int, name_index.Named]:
    return {number: name_index.Named(entry.columns["name"], entry.columns["city"]) for number, entry in entries.items()}


def _insert_facts(session: Session, entries: Mapping[int, Entry]) -> None:
    session.execute(
        insert(ClinicFact),
        [
            {"clinic_id": number, "field": name, **stated._asdict()}
            for number, entry in entries.items()
            for name, stated in entry.facts.items()
        ],
    )
