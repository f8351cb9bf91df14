"""The score: from the findings on the warning signs to a range, a grade and a place in the order of results.

Integers only. The same answers give the same score on every machine and for ever; `SCORER` names these rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from directory.domain.checklist import Checklist, Criterion
from directory.domain.findings import Answer, Finding, Ruling, Verdict, find, in_force, live, next_change
from directory.domain.labels import N_

#: The version of the rules in findings and here; stored with every score.
SCORER = 1
FULL = 100
#: From this many settled signs the numbers are shown.
SETTLED_TO_SHOW = 3
#: Confirmed signs that take off this many points make the grade red.
_RED_POINTS = 50


class Grade(StrEnum):
    """The fixed sentence about the five signs together."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _GRADE_LABELS[self]


_GRADE_LABELS = {
    Grade.RED: N_("Documented warning sign"),
    Grade.AMBER: N_("Open concerns"),
    Grade.GREEN: N_("No documented warning sign found in 5 of 5 checks"),
    Grade.GREY: N_("Not enough checked"),
}


@dataclass(frozen=True)
class Score:
    """What the verdicts on the signs add up to.

    `low` and `high` are 0 to 100, in the worst and the best case; `settled` of `out_of` signs are confirmed or
    cleared; `confirmed_points` is what the confirmed ones take off.
    """

    grade: Grade
    low: int
    high: int
    settled: int
    out_of: int
    confirmed_points: int
    verdicts: Mapping[str, Verdict]

    @property
    def is_number_shown(self) -> bool:
        """Whether enough is settled for the numbers to mean something."""
        return self.settled >= SETTLED_TO_SHOW


def findings(
    checklist: Checklist, answers: Sequence[Answer], rulings: Sequence[Ruling], as_of: date
) -> dict[str, Finding]:
    """Return the finding on each warning sign, in the order of the checklist; the order of answers is irrelevant."""
    return {sign.slug: find(sign, answers, rulings, as_of) for sign in checklist.signs}


def score(checklist: Checklist, verdicts: Mapping[str, Verdict]) -> Score:
    """Return what the verdicts on all signs of the checklist add up to."""
    off = [_points_off(sign, verdicts[sign.slug]) for sign in checklist.signs]
    confirmed_points = sum(sign.points for sign in checklist.signs if verdicts[sign.slug] is Verdict.CONFIRMED)
    return Score(
        grade=_grade(set(verdicts.values()), confirmed_points),
        low=max(0, FULL - sum(each.worst for each in off)),
        high=max(0, (2 * FULL - sum(each.best_doubled for each in off)) // 2),
        settled=sum(verdict.is_settled for verdict in verdicts.values()),
        out_of=len(checklist.signs),
        confirmed_points=confirmed_points,
        verdicts=verdicts,
    )


def changes_on(checklist: Checklist, answers: Sequence[Answer], rulings: Sequence[Ruling], as_of: date) -> date | None:
    """Return the first day after `as_of` on which time alone may change the score; None where it cannot."""
    days = (next_change(sign, answers, rulings, as_of) for sign in checklist.signs)
    return min((day for day in days if day), default=None)


def newest_observation(
    checklist: Checklist, answers: Sequence[Answer], rulings: Sequence[Ruling], as_of: date
) -> date | None:
    """Return the newest day on which an answer that counts was observed; None where none counts."""
    days = [
        answer.observed_on
        for sign in checklist.signs
        for answer in live(sign, answers, list(in_force(sign, rulings, as_of)), as_of)
    ]
    return max(days, default=None)


def written(checklist: Checklist, verdicts: Mapping[str, Verdict]) -> str:
    """Return the verdicts as one digit a sign, in the order of the checklist; read() takes them back."""
    order = list(Verdict)
    return "".join(str(order.index(verdicts[sign.slug])) for sign in checklist.signs)


def read(checklist: Checklist, digits: Iterable[str]) -> dict[str, Verdict]:
    """Return the verdicts that written() wrote."""
    order = list(Verdict)
    return {sign.slug: order[int(digit)] for sign, digit in zip(checklist.signs, digits, strict=True)}


class _PointsOff(NamedTuple):
    best_doubled: int
    worst: int


def _points_off(sign: Criterion, verdict: Verdict) -> _PointsOff:
    """Points off in the best case, doubled because a suspected sign takes off half, and in the worst."""
    best_halves = {Verdict.CONFIRMED: 2, Verdict.SUSPECTED: 1}.get(verdict, 0)
    return _PointsOff(sign.points * best_halves, 0 if verdict is Verdict.CLEARED else sign.points)


def _grade(verdicts: set[Verdict], confirmed_points: int) -> Grade:
    if confirmed_points >= _RED_POINTS:
        return Grade.RED
    if verdicts & {Verdict.CONFIRMED, Verdict.SUSPECTED, Verdict.DISPUTED}:
        return Grade.AMBER
    return Grade.GREEN if verdicts == {Verdict.CLEARED} else Grade.GREY
