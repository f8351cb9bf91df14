"""What a confirmation of a critical sign rested on and has lost: it is looked at again, and never lifted in silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from directory.domain.card import Card
from directory.domain.checklist import Value
from directory.domain.dossier import Dossier, held_up
from directory.domain.findings import QUORUM
from directory.domain.moderation import Action


@dataclass(frozen=True, kw_only=True)
class Lost:
    """An accepted answer that counted when somebody confirmed a sign, of a review that was taken back or made void.

    `action` says which of the two, and `on` when.
    """

    version: str
    criterion: str
    value: Value
    observed_on: date
    action: Action
    on: date


def shaken(card: Card, dossier: Dossier, lost: Iterable[Lost]) -> dict[str, Lost]:
    """Return the signs that two people's confirmation holds up, but no more the evidence, each with its newest loss.

    The evidence is what still counts on the day of the card: it would not be enough for a ruling. A loss is over when
    the answer would have run out.
    """
    held = held_up(card.checklist, dossier.rulings, card.as_of)
    weak = {entry.criterion.slug: entry.criterion for entry in card.signs if entry.finding.raising.level < QUORUM}
    found: dict[str, Lost] = {}
    for each in sorted(lost, key=lambda answer: answer.on):
        if (
            each.version != card.checklist.version
            or each.criterion not in weak
            or (each.criterion, each.value) not in held
        ):
            continue
        runs_out = each.observed_on + timedelta(days=weak[each.criterion].shelf_days)
        if each.on <= card.as_of <= runs_out:
            found[each.criterion] = each
    return found
