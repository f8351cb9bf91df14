"""The card of a clinic: for each criterion what was found, on which evidence, and what has run out, as of a day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from directory.domain.checklist import Checklist, Criterion
from directory.domain.dossier import Approved, Dossier, inputs, standing
from directory.domain.findings import (
    Answer,
    Finding,
    Ruling,
    RulingKind,
    Verdict,
    find,
    in_force,
    is_confirmed_by_people,
    live,
)
from directory.domain.safeguards import Standing
from directory.domain.safeguards import standing as standing_of
from directory.domain.scoring import Score, score


@dataclass(frozen=True)
class Entry:
    """One criterion of the card. `counting` and `former` hold approved answers, the newest observation first.

    `former` have run out, or were made before the clinic mended what they report; `remedied_on` is that day.
    `confirmed_on` is the day from which two people's confirmations of a confirmed critical sign are in force.
    """

    criterion: Criterion
    finding: Finding
    counting: Sequence[Approved]
    former: Sequence[Approved]
    remedied_on: date | None
    confirmed_on: date | None

    @property
    def standing(self) -> Standing:
        """What the finding comes to where the criterion is a safeguard."""
        return standing_of(self.finding)

    def raises(self, answer: Approved) -> bool:
        """Whether an answer counts against the clinic."""
        return answer.value is self.criterion.against

    @property
    def newest(self) -> date | None:
        """The newest day on which an answer that counts was observed."""
        return self.counting[0].observed_on if self.counting else None


@dataclass(frozen=True)
class Card:
    """Signs and safeguards of a clinic in the order of the checklist, and the score of the signs alone."""

    checklist: Checklist
    as_of: date
    score: Score
    signs: Sequence[Entry]
    safeguards: Sequence[Entry]

    @property
    def safeguard_counts(self) -> Counter[Standing]:
        """How many safeguards stand how."""
        return Counter(entry.standing for entry in self.safeguards)


def card(checklist: Checklist, dossier: Dossier, as_of: date) -> Card:
    """Return the card of a clinic as of a day."""
    kept = standing(checklist, dossier, as_of)
    answers, rulings = inputs(checklist, dossier, as_of)
    pairs = list(zip(kept, answers, strict=True))
    signs = [_entry(criterion, pairs, rulings, as_of) for criterion in checklist.signs]
    safeguards = [_entry(criterion, pairs, rulings, as_of) for criterion in checklist.safeguards]
    total = score(checklist, {entry.criterion.slug: entry.finding.verdict for entry in signs})
    return Card(checklist, as_of, total, signs, safeguards)


def _entry(
    criterion: Criterion, pairs: Sequence[tuple[Approved, Answer]], rulings: Sequence[Ruling], as_of: date
) -> Entry:
    own = [(approved, answer) for approved, answer in pairs if approved.criterion == criterion.slug]
    ruled = list(in_force(criterion, rulings, as_of))
    counting = live(criterion, [answer for _, answer in own], ruled, as_of)
    counted = {id(answer) for answer in counting}
    finding = find(criterion, [answer for _, answer in own], rulings, as_of)
    return Entry(
        criterion=criterion,
        finding=finding,
        counting=_newest_first([approved for approved, answer in own if id(answer) in counted]),
        former=_newest_first([approved for approved, answer in own if id(answer) not in counted]),
        remedied_on=max((ruling.on for ruling in ruled if ruling.kind is RulingKind.REMEDIED), default=None),
        confirmed_on=_confirmed_on(criterion, ruled) if finding.verdict is Verdict.CONFIRMED else None,
    )


def _confirmed_on(criterion: Criterion, ruled: Sequence[Ruling]) -> date | None:
    """A remedy counts whenever it was: what two people confirmed before it no longer holds."""
    for day in sorted({ruling.on for ruling in ruled}):
        known = [ruling for ruling in ruled if ruling.on <= day or ruling.kind is RulingKind.REMEDIED]
        if is_confirmed_by_people(criterion, known):
            return day
    return None


def _newest_first(answers: Sequence[Approved]) -> list[Approved]:
    return sorted(answers, key=lambda answer: (answer.observed_on, answer.answer_id), reverse=True)
