"""What is left to ask a clinic: the criteria that are unknown, stale or in dispute there, the most important first."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from directory.domain.card import Card, Entry
from directory.domain.findings import Verdict
from directory.domain.safeguards import Standing


class Why(StrEnum):
    """Why a question is left to ask, by the rules of the score."""

    #: Nobody has reported on it.
    NEVER = "never"
    #: What was reported is not enough to tell.
    TOO_LITTLE = "too_little"
    #: What was reported has run out, or the clinic mended it since.
    STALE = "stale"
    SUSPECTED = "suspected"
    DISPUTED = "disputed"


@dataclass(frozen=True)
class Question:
    """A criterion that is left to ask, and why."""

    entry: Entry
    why: Why


@dataclass(frozen=True)
class Sheet:
    """What to ask a clinic. `first` holds the open signs and then the open core safeguards, `more` the other ones.

    All stand in the order of the checklist, which goes by weight. `confirmed` are signs that nobody needs to ask about.
    """

    first: Sequence[Question]
    more: Sequence[Question]
    confirmed: Sequence[Entry]


def sheet(card: Card) -> Sheet:
    """Return what is left to ask as of the day of the card; both lists are empty where everything is settled."""
    signs = [question for entry in card.signs if (question := _of_sign(entry))]
    safeguards = [question for entry in card.safeguards if (question := _of_safeguard(entry))]
    return Sheet(
        first=[*signs, *(each for each in safeguards if each.entry.criterion.is_core)],
        more=[each for each in safeguards if not each.entry.criterion.is_core],
        confirmed=[entry for entry in card.signs if entry.finding.verdict is Verdict.CONFIRMED],
    )


def _of_sign(entry: Entry) -> Question | None:
    if entry.finding.verdict.is_settled:
        return None
    return Question(entry, _BY_VERDICT.get(entry.finding.verdict) or _unknown(entry))


def _of_safeguard(entry: Entry) -> Question | None:
    match entry.standing:
        case Standing.DISPUTED:
            return Question(entry, Why.DISPUTED)
        case Standing.UNKNOWN:
            return Question(entry, _unknown(entry))
    return None


def _unknown(entry: Entry) -> Why:
    if entry.counting:
        return Why.TOO_LITTLE
    return Why.STALE if entry.former else Why.NEVER


_BY_VERDICT = {Verdict.SUSPECTED: Why.SUSPECTED, Verdict.DISPUTED: Why.DISPUTED}
