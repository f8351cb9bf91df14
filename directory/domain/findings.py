"""The finding on one criterion: who answered what, on which evidence, how lately, and what follows from it.

The rules are those of the published checklist page: independent voices, the tier of their evidence, and a table from
the levels of both sides to a verdict. Nothing here knows of points.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from directory.domain.checklist import Criterion, Value
from directory.domain.labels import N_

#: How many different people must rule before a critical sign is confirmed.
PEOPLE_TO_CONFIRM = 2
#: Tiers of evidence: dated first-hand testimony, a document that a moderator saw, what anyone can check.
TESTIMONY, DOCUMENT, VERIFIABLE = 1, 2, 3
#: Levels of a side; 0 carries nothing.
CREDIBLE, QUORUM = 1, 2


class Verdict(StrEnum):
    """What is known about one warning sign, the better known first; the order is stored and must not change."""

    UNKNOWN = "unknown"
    CLEARED = "cleared"
    DISPUTED = "disputed"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _VERDICT_LABELS[self]

    @property
    def is_settled(self) -> bool:
        """Whether the sign counts as checked: found, or looked for and not found."""
        return self in {Verdict.CONFIRMED, Verdict.CLEARED}


_VERDICT_LABELS = {
    Verdict.UNKNOWN: N_("Unknown"),
    Verdict.CLEARED: N_("Cleared"),
    Verdict.DISPUTED: N_("Disputed"),
    Verdict.SUSPECTED: N_("Suspected"),
    Verdict.CONFIRMED: N_("Confirmed"),
}


class RulingKind(StrEnum):
    """What moderators may rule on a sign: that a critical one holds, or that the clinic has mended it."""

    CONFIRM = "confirm"
    REMEDIED = "remedied"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An approved answer. `tier` is 1 to 3; `group` names the accounts that speak as one voice with the reviewer."""

    criterion: str
    value: Value
    tier: int
    observed_on: date
    reviewer: str
    group: str
    rechecked_by: frozenset[str] = frozenset()

    @property
    def is_rechecked(self) -> bool:
        """Whether somebody other than its reviewer saw the source that anyone can check."""
        return self.tier == VERIFIABLE and bool(self.rechecked_by - {self.reviewer})


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What the people `by` ruled on a sign; `on` is the day it comes into force."""

    criterion: str
    kind: RulingKind
    by: frozenset[str]
    on: date


@dataclass(frozen=True)
class Side:
    """The voices that say the same about a sign: how many, the best tier among them, and how far they carry.

    Level 2 is a quorum, 1 is credible, 0 changes nothing.
    """

    voices: int
    best_tier: int
    level: int


@dataclass(frozen=True)
class Finding:
    """The verdict on a sign and the two sides it follows from."""

    verdict: Verdict
    raising: Side
    clearing: Side


@dataclass(frozen=True)
class _Voice:
    is_raising: bool
    tier: int
    is_rechecked: bool


#: (level of the raising side, level of the clearing side) → verdict.
VERDICTS = {
    (0, 0): Verdict.UNKNOWN, (0, 1): Verdict.UNKNOWN, (0, 2): Verdict.CLEARED,
    (1, 0): Verdict.SUSPECTED, (1, 1): Verdict.DISPUTED, (1, 2): Verdict.DISPUTED,
    (2, 0): Verdict.CONFIRMED, (2, 1): Verdict.CONFIRMED, (2, 2): Verdict.DISPUTED,
}  # fmt: skip


def find(criterion: Criterion, answers: Iterable[Answer], rulings: Iterable[Ruling], as_of: date) -> Finding:
    """Return the finding on one criterion as of a day; answers and rulings on others are left aside."""
    rulings = list(in_force(criterion, rulings, as_of))
    kept = live(criterion, answers, rulings, as_of)
    voices = _voices(criterion, kept)
    raising = _side([voice for voice in voices if voice.is_raising])
    clearing = _side([voice for voice in voices if not voice.is_raising])
    has_raising_answer = any(answer.value is criterion.against for answer in kept)
    return Finding(_verdict(criterion, raising, clearing, rulings if has_raising_answer else []), raising, clearing)


def in_force(criterion: Criterion, rulings: Iterable[Ruling], as_of: date) -> Iterable[Ruling]:
    """Yield the rulings on this criterion whose day has come."""
    return (ruling for ruling in rulings if ruling.criterion == criterion.slug and ruling.on <= as_of)


def live(
    criterion: Criterion, answers: Iterable[Answer], rulings_in_force: Sequence[Ruling], as_of: date
) -> list[Answer]:
    """Return the answers that count: yes or no, within the shelf life, not future, not raised before a remedy."""
    remedies = _remedies(rulings_in_force)
    return [
        answer
        for answer in answers
        if answer.criterion == criterion.slug
        and answer.value in {Value.YES, Value.NO}
        and 0 <= (as_of - answer.observed_on).days <= criterion.shelf_days
        and not (answer.value is criterion.against and any(answer.observed_on <= day for day in remedies))
    ]


def is_confirmed_by_people(criterion: Criterion, rulings_in_force: Sequence[Ruling]) -> bool:
    """Whether the sign is critical and two different people's confirmations hold, each after any remedy."""
    return criterion.is_critical and len(_confirmers(rulings_in_force)) >= PEOPLE_TO_CONFIRM


def next_change(criterion: Criterion, answers: Iterable[Answer], rulings: Iterable[Ruling], as_of: date) -> date | None:
    """Return the first day after `as_of` on which time alone may change the finding; None where it cannot."""
    day = timedelta(days=1)
    relevant = [answer for answer in answers if answer.criterion == criterion.slug]
    days = {answer.observed_on for answer in relevant}
    # A future answer begins before it ends, and its end may lie beyond the calendar.
    days |= {a.observed_on + (criterion.shelf_days + 1) * day for a in relevant if a.observed_on <= as_of}
    days |= {ruling.on for ruling in rulings if ruling.criterion == criterion.slug}
    return min((each for each in days if each > as_of), default=None)


def _remedies(rulings_in_force: Iterable[Ruling]) -> list[date]:
    return [ruling.on for ruling in rulings_in_force if ruling.kind is RulingKind.REMEDIED]


def _voices(criterion: Criterion, kept: Iterable[Answer]) -> list[_Voice]:
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in kept:
        groups[answer.group].append(answer)
    return [_voice(criterion, answers) for answers in groups.values()]


def _voice(criterion: Criterion, answers: Sequence[Answer]) -> _Voice:
    """Let the newest observation speak for the group; one that contradicts itself on that day raises the sign."""
    newest = max(answer.observed_on for answer in answers)
    said = {answer.value for answer in answers if answer.observed_on == newest}
    spoken = criterion.against if criterion.against in said else criterion.against.opposite
    agreeing = [answer for answer in answers if answer.value is spoken]
    return _Voice(
        is_raising=spoken is criterion.against,
        tier=max(answer.tier for answer in agreeing),
        is_rechecked=any(answer.is_rechecked for answer in agreeing),
    )


def _side(voices: Sequence[_Voice]) -> Side:
    return Side(len(voices), max((voice.tier for voice in voices), default=0), _level(voices))


def _level(voices: Sequence[_Voice]) -> int:
    tiers = [voice.tier for voice in voices]
    count = len(voices) + any(voice.is_rechecked for voice in voices)
    documented = sum(tier >= DOCUMENT for tier in tiers)
    if (VERIFIABLE in tiers and count >= 2) or (len(voices) >= 3 and documented >= 2):
        return QUORUM
    return CREDIBLE if len(voices) >= 2 or documented else 0


def _verdict(criterion: Criterion, raising: Side, clearing: Side, rulings: Sequence[Ruling]) -> Verdict:
    if is_confirmed_by_people(criterion, rulings):
        return Verdict.CONFIRMED
    verdict = VERDICTS[raising.level, clearing.level]
    if verdict is Verdict.CONFIRMED and criterion.is_critical:
        return Verdict.SUSPECTED
    if (raising.level, clearing.level) == (1, 2) and raising.best_tier < DOCUMENT:
        return Verdict.CLEARED  # else two throw-away accounts could turn any cleared sign into a disputed one
    return verdict


def _confirmers(rulings_in_force: Sequence[Ruling]) -> frozenset[str]:
    remedies = _remedies(rulings_in_force)
    confirming = [ruling for ruling in rulings_in_force if ruling.kind is RulingKind.CONFIRM]
    return frozenset().union(*(each.by for each in confirming if all(each.on > day for day in remedies)))
