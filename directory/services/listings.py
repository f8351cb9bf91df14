"""Compares what sources say of clinics with what is recorded, and says what would have to be written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from directory.domain.facets import packed
from directory.domain.folding import fold, slug, squash
from directory.domain.geo import cell, earth_centred
from directory.domain.listings import Listing
from directory.domain.prices import price
from directory.domain.profile import ListingStatus
from directory.models.clinic import CLAIMS, FACT_FIELDS

#: The columns that state a fact, where they are not the one column of the fact's own name.
_FACT_COLUMNS = {
    "address": ("address", "city", "state", "postal_code"),
    "organisation": ("organisation_id",),
    "point": ("latitude", "longitude", "point_precision"),
    "price": ("price_min", "price_max"),
}
#: What follows from a fact, and is kept with it.
_DERIVED = {"point": ("cell", "x", "y", "z")}
_COPIED = (
    "source", "source_key", "name", "address", "city", "state", "postal_code", "phone", "website", "contact_email",
    "npi", "routes", "settings", "conditions", *CLAIMS, "point_precision",
)  # fmt: skip

Row = Mapping[str, Any]


class Stated(NamedTuple):
    """Where and when a fact was read; `revision_id` is what a moderator approved it by, None for what was imported."""

    source: str
    seen_on: date
    revision_id: int | None = None


@dataclass(frozen=True)
class Entry:
    """A clinic's columns, and its facts by field, as they shall stand; `listing` is what asked for it."""

    listing: Listing
    columns: dict[str, Any]
    facts: dict[str, Stated]


@dataclass(frozen=True)
class Known:
    """What is recorded: organisations' ids by folded name, clinics by source and key, facts by clinic and field.

    `decided` are the clinics to which a decision of a moderator gave their status.
    """

    organisations: Mapping[str, int]
    clinics: Mapping[tuple[str, str], Row]
    facts: Mapping[int, Mapping[str, Stated]]
    decided: Collection[int] = frozenset()


@dataclass
class Comparison:
    """What is new, what stands otherwise (by the id of its clinic), and how many listings need nothing."""

    new: list[Entry] = field(default_factory=list)
    changed: dict[int, Entry] = field(default_factory=dict)
    unchanged: int = 0


def compare(listings: Iterable[Listing], known: Known) -> Comparison:
    """Return what has to be written so that `known` says what `listings` say.

    A fact whose value stands keeps its source and date, unless the source itself gives a later date. A status goes
    only from proposed to published, or to closed. What a moderator approved stays as it is, fact or status.
    """
    comparison = Comparison()
    for listing in listings:
        row = known.clinics.get((listing.source, listing.source_key))
        recorded = known.facts.get(row["id"], {}) if row else {}
        entry = _entry(listing, known.organisations, (row or {}, recorded))
        if row is not None and row["id"] in known.decided:
            entry.columns["status"] = row["status"]
        if row is None:
            comparison.new.append(entry)
        elif entry.facts != recorded or any(row[name] != value for name, value in entry.columns.items()):
            comparison.changed[row["id"]] = entry
        else:
            comparison.unchanged += 1
    return comparison


def organisation_names(listings: Sequence[Listing]) -> dict[str, str]:
    """Return the organisations that `listings` name, by folded name; the first spelling counts."""
    names: dict[str, str] = {}
    for listing in listings:
        if listing.organisation:
            names.setdefault(fold(listing.organisation), listing.organisation)
    return names


def _entry(listing: Listing, organisations: Mapping[str, int], recorded: tuple[Row, Mapping[str, Stated]]) -> Entry:
    row, recorded_facts = recorded
    approved = _approved(recorded_facts)
    columns = columns_of(listing, organisations) | _kept(row, approved)
    columns |= _named(columns["name"], columns["city"]) | {"facets": packed(columns)}
    columns["status"] = _status(row.get("status"), listing.status)
    said = Stated(listing.source_title, listing.seen_on)
    # That something is not there any more may be what was approved.
    facts = dict(approved)
    for name in FACT_FIELDS:
        if name in approved:
            continue
        stating = _FACT_COLUMNS.get(name, (name,))
        if any(columns[column] for column in stating):
            stands = name in recorded_facts and all(row[column] == columns[column] for column in stating)
            facts[name] = _renewed(recorded_facts[name], said, listing) if stands else said
    columns["facts_as_of"] = max(fact.seen_on for fact in facts.values())
    return Entry(listing, columns, facts)


def _approved(recorded: Mapping[str, Stated]) -> dict[str, Stated]:
    """Return the facts that a moderator approved, and with an address the point of it."""
    names = {name for name, fact in recorded.items() if fact.revision_id is not None}
    kept = names | {"point"} if "address" in names else names
    return {name: fact for name, fact in recorded.items() if name in kept}


def _kept(row: Row, approved: Collection[str]) -> dict[str, Any]:
    """Return the columns of a recorded clinic that state what was approved.

    With an address also that nobody knows the point of it: the point of the source is another place's.
    """
    fields = {*approved, "point"} if "address" in approved else approved
    columns = [column for name in fields for column in (*_FACT_COLUMNS.get(name, (name,)), *_DERIVED.get(name, ()))]
    return {column: row[column] for column in columns}


def _renewed(recorded: Stated, said: Stated, listing: Listing) -> Stated:
    return said if listing.is_dated_by_source and said.seen_on > recorded.seen_on else recorded


def _status(recorded: str | None, asked: ListingStatus) -> str:
    """Return the status after an import: what was closed here stays closed, what is public is not withdrawn."""
    may_change = recorded in {None, ListingStatus.PROPOSED} or asked is ListingStatus.CLOSED
    return str(asked) if may_change else str(recorded)


def columns_of(listing: Listing, organisations: Mapping[str, int]) -> dict[str, Any]:
    """Return the columns in which a listing is kept, but its status and the newest date of its facts."""
    point = listing.point
    x, y, z = earth_centred(point) if point else (None, None, None)
    lowest, highest = price(listing.price or "") or (None, None)
    said = {name: getattr(listing, name) for name in _COPIED} | {"price_min": lowest, "price_max": highest}
    return (
        said
        | _named(listing.name, listing.city)
        | {
            # An organisation that is not recorded yet has no id; 0 differs from all, so a rehearsal counts a change.
            "organisation_id": organisations.get(fold(listing.organisation), 0) if listing.organisation else None,
            "latitude": point and point.latitude,
            "longitude": point and point.longitude,
            "cell": point and cell(point),
            "x": x,
            "y": y,
            "z": z,
            "facets": packed(said),
        }
    )


def _named(name: str, city: str) -> dict[str, str]:
    """Return the columns that follow from a name and a city."""
    return {
        "slug": slug(name),
        "name_key": fold(name),
        "search_text": fold(f"{name} {city}"),
        "city_key": squash(city),
    }
