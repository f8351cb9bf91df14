"""The checklist: what is asked about a clinic, which answer counts against it, for how long, and by which source."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from directory.domain.labels import N_

#: SHA-256 of each published version's text. A published version never changes; another meaning is another version.
PUBLISHED: Mapping[str, str] = {"2026.1": "af61a1ffa67b67cbf5ebc2a1b6af27126f622b1d39a5036732414f19c981ff68"}
#: What a reader may be shown: read in the body's own page (V), or in a secondary one only (V2).
CITABLE = ("V", "V2")


class Value(StrEnum):
    """An answer to a question of the checklist."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _VALUE_LABELS[self]

    @property
    def opposite(self) -> "Value":
        """No for yes and yes for no; the others say nothing and have none (KeyError)."""
        return {Value.YES: Value.NO, Value.NO: Value.YES}[self]


_VALUE_LABELS = {
    Value.YES: N_("Yes"),
    Value.NO: N_("No"),
    Value.UNKNOWN: N_("Could not tell"),
    Value.NOT_APPLICABLE: N_("Does not apply"),
}


class Observer(StrEnum):
    """How a person can come to know the answer."""

    SITE = "site"
    PHONE = "phone"
    VISIT = "visit"
    REGISTER = "register"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _OBSERVER_LABELS[self]


_OBSERVER_LABELS = {
    Observer.SITE: N_("read the clinic’s site"),
    Observer.PHONE: N_("called the clinic"),
    Observer.VISIT: N_("was there"),
    Observer.REGISTER: N_("looked in an official register"),
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """A document that supports a criterion; `says` is what was read there, in our own words."""

    key: str
    status: str
    title: str
    body: str
    year: str
    url: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One question of the checklist. `against` is the answer that counts against the clinic.

    `points` is what a confirmed warning sign takes off the score, 0 for a safeguard. `not_applicable` says when the
    question does not arise, "" where it always does. `is_about_published_words` marks the questions on which a "no"
    has nothing to quote, so that the pages read stand in its place. `strip` is the short name beside the shape.
    """

    slug: str
    group: str = ""
    name: str
    strip: str = ""
    icon: str = ""
    question: str
    ask: str
    against: Value
    why: str
    evidence: tuple[str, ...]
    mistaken: tuple[str, ...]
    observable_by: tuple[Observer, ...]
    shelf_days: int
    not_applicable: str = ""
    is_about_published_words: bool = False
    is_core: bool = False
    is_critical: bool = False
    points: int = 0
    contested: str = ""
    sources: tuple[Source, ...]

    @property
    def is_sign(self) -> bool:
        """Whether this is one of the warning signs, which alone make the score."""
        return self.points > 0

    @property
    def values(self) -> tuple[Value, ...]:
        """The answers that the question takes."""
        return tuple(value for value in Value if value is not Value.NOT_APPLICABLE or self.not_applicable)


@dataclass(frozen=True, kw_only=True)
class Group:
    """A heading under which safeguards stand together."""

    slug: str
    name: str


@dataclass(frozen=True)
class Checklist:
    """One version of the checklist; signs and safeguards in the order in which they are shown."""

    version: str
    published_on: date
    sha256: str
    groups: tuple[Group, ...]
    signs: tuple[Criterion, ...]
    safeguards: tuple[Criterion, ...]

    @cached_property
    def by_slug(self) -> Mapping[str, Criterion]:
        """Every criterion by its slug."""
        return {criterion.slug: criterion for criterion in (*self.signs, *self.safeguards)}

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources that its criteria cite, each once, by key."""
        cited = {source.key: source for criterion in self.by_slug.values() for source in criterion.sources}
        return tuple(cited[key] for key in sorted(cited))

    def in_group(self, group: Group) -> tuple[Criterion, ...]:
        """Return the safeguards under one heading, in their order."""
        return tuple(criterion for criterion in self.safeguards if criterion.group == group.slug)


def parse(text: str) -> Checklist:
    """Return the checklist that a TOML text describes.

    Raises ValueError, naming the entry, for a field that is missing, unknown or impossible, for a slug that stands
    twice, and for a source that may not be cited to readers.
    """
    written = tomllib.loads(text)
    _refuse_fields("the checklist", written, _PARTS, _PARTS)
    sources = {key: _source(key, entry) for key, entry in written["source"].items()}
    checklist = Checklist(
        version=written["version"],
        published_on=written["published_on"],
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        groups=tuple(_group(entry) for entry in written["group"]),
        signs=tuple(_criterion(entry, sources) for entry in written["sign"]),
        safeguards=tuple(_criterion(entry, sources) for entry in written["safeguard"]),
    )
    _refuse_contradictions(checklist)
    return checklist


_PARTS = {"version", "published_on", "group", "sign", "safeguard", "source"}


def _source(key: str, entry: Mapping[str, Any]) -> Source:
    _refuse_fields(f"source {key}", {"key": key, **entry}, *_fields(Source))
    if entry["status"] not in CITABLE:
        raise ValueError(f"source {key}: only what was read (status {' or '.join(CITABLE)}) may be cited")
    if not entry["url"].startswith(("http://", "https://")):
        raise ValueError(f"source {key}: only what has a web address may be cited")
    return Source(key=key, **entry)


def _group(entry: Mapping[str, Any]) -> Group:
    _refuse_fields(f"group {entry.get('slug', '?')}", entry, *_fields(Group))
    return Group(**entry)


def _criterion(entry: Mapping[str, Any], sources: Mapping[str, Source]) -> Criterion:
    slug = entry.get("slug", "?")
    _refuse_fields(slug, entry, *_fields(Criterion))
    if strange := set(entry["sources"]) - sources.keys():
        raise ValueError(f"{slug}: unknown source {min(strange)}")
    try:
        return Criterion(
            **{
                **entry,
                "against": Value(entry["against"]),
                "evidence": tuple(entry["evidence"]),
                "mistaken": tuple(entry["mistaken"]),
                "observable_by": tuple(map(Observer, entry["observable_by"])),
                "sources": tuple(sources[key] for key in entry["sources"]),
            }
        )
    except ValueError as error:
        raise ValueError(f"{slug}: {error}") from error


def _fields(kind: type[Source | Group | Criterion]) -> tuple[set[str], set[str]]:
    """Return the names of the fields that `kind` has, and of those that it cannot do without."""
    return {field.name for field in fields(kind)}, {field.name for field in fields(kind) if field.default is MISSING}


def _refuse_fields(name: str, entry: Mapping[str, Any], known: set[str], needed: set[str]) -> None:
    if unknown := entry.keys() - known:
        raise ValueError(f"{name}: unknown field {min(unknown)}")
    if missing := needed - entry.keys():
        raise ValueError(f"{name}: missing field {min(missing)}")


def _refuse_contradictions(checklist: Checklist) -> None:
    """Raise ValueError for entries that are each well-formed and do not belong together."""
    every = (*checklist.signs, *checklist.safeguards)
    groups = {group.slug for group in checklist.groups}
    problems = [
        f"{criterion.slug}: {problem}"
        for criterion in every
        for problem, is_so in (
            ("stands twice", sum(other.slug == criterion.slug for other in every) > 1),
            ("is against neither yes nor no", criterion.against not in {Value.YES, Value.NO}),
            ("has no shelf life", criterion.shelf_days < 1),
            ("has no source", not criterion.sources),
            ("has no way to be observed", not criterion.observable_by),
            ("is a sign without points, or a safeguard with them", criterion.is_sign != (criterion in checklist.signs)),
            ("is a sign that may not apply", criterion.is_sign and bool(criterion.not_applicable)),
            ("is a safeguard of no group", not criterion.is_sign and criterion.group not in groups),
        )
        if is_so
    ]
    if problems:
        raise ValueError(problems[0])
