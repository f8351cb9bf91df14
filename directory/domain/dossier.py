"""The dossier of a clinic: everything approved about it, and the scoring case that follows from it, without names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from directory.domain.cases import Case
from directory.domain.checklist import Checklist, Value
from directory.domain.evidence import Evidence
from directory.domain.findings import Answer, Ruling, RulingKind, in_force, is_confirmed_by_people


@dataclass(frozen=True)
class Look:
    """A moderator opened the source and saw the words; `voice_id` is the account that stands for their group."""

    by_id: int
    voice_id: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Approved:
    """An accepted answer of an approved review, of the tier at which it was accepted.

    `version` is that of the checklist it answers.
    """

    answer_id: int
    review_id: int
    author_id: int
    voice_id: int
    version: str
    criterion: str
    value: Value
    tier: int
    observed_on: date
    looks: tuple[Look, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """A ruling as it was entered; `by` are the accounts that stand for the groups of those who ruled."""

    criterion: str
    kind: RulingKind
    by: tuple[int, ...]
    on: date


@dataclass(frozen=True)
class Dossier:
    """What was approved about one clinic, in the order in which it was entered."""

    answers: Sequence[Approved] = ()
    rulings: Sequence[Ruled] = ()


def standing(checklist: Checklist, dossier: Dossier, as_of: date) -> list[Approved]:
    """Return the answers to this version that their author has not replaced by a newer review, in the order of entry.

    While two people's confirmation of a critical sign is in force, what raised it is kept: else its author alone could
    lift it. Without one the author's newer word stands alone, so that a mistake can be mended.
    """
    own = [answer for answer in dossier.answers if answer.version == checklist.version]
    newest: dict[tuple[int, str], int] = {}
    for answer in own:
        key = (answer.author_id, answer.criterion)
        newest[key] = max(answer.review_id, newest.get(key, 0))
    held = held_up(checklist, dossier.rulings, as_of)
    return [
        answer
        for answer in own
        if answer.review_id == newest[answer.author_id, answer.criterion] or (answer.criterion, answer.value) in held
    ]


def inputs(checklist: Checklist, dossier: Dossier, as_of: date) -> tuple[list[Answer], list[Ruling]]:
    """Return the standing answers and the rulings as the scorer takes them: people by numbers.

    The names r1, r2 … (reviewers), m1, m2 … (moderators) and g-r1 (the group of r1) tell people of this one case apart
    and nothing more: whoever reviews here and moderates there has two.
    """
    answers = standing(checklist, dossier, as_of)
    reviewers = _numbered("r", (answer.author_id for answer in answers))
    looks = (look.voice_id for answer in answers for look in answer.looks)
    moderators = _numbered("m", (*looks, *(person for ruling in dossier.rulings for person in ruling.by)))
    voices = {answer.voice_id: f"g-{reviewers[answer.author_id]}" for answer in reversed(answers)}
    return (
        [_answer(answer, reviewers[answer.author_id], voices[answer.voice_id], moderators) for answer in answers],
        [_ruling(each, moderators) for each in dossier.rulings],
    )


def case(checklist: Checklist, dossier: Dossier, as_of: date) -> Case:
    """Return the scoring case as of a day: the answers on the signs, and the rulings in force on that day.

    A ruling that is not yet in force stays out: until then the clinic may still reply.
    """
    signs = {sign.slug for sign in checklist.signs}
    on_signs = replace(dossier, answers=[answer for answer in dossier.answers if answer.criterion in signs])
    ruled = replace(on_signs, rulings=[ruling for ruling in dossier.rulings if ruling.on <= as_of])
    answers, rulings = inputs(checklist, ruled, as_of)
    return Case(checklist, as_of, tuple(answers), tuple(rulings))


def held_up(checklist: Checklist, rulings: Sequence[Ruled], as_of: date) -> set[tuple[str, Value]]:
    """Return the critical signs that a confirmation holds up on this day, each with the answer that raises it."""
    people = {person: str(person) for ruling in rulings for person in ruling.by}
    entered = [_ruling(ruling, people) for ruling in rulings]
    return {
        (sign.slug, sign.against)
        for sign in checklist.signs
        if is_confirmed_by_people(sign, list(in_force(sign, entered, as_of)))
    }


def _numbered(letter: str, people: Iterable[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for person in people:
        names.setdefault(person, f"{letter}{len(names) + 1}")
    return names


def _ruling(ruling: Ruled, names: Mapping[int, str]) -> Ruling:
    by = frozenset(names[person] for person in ruling.by)
    return Ruling(criterion=ruling.criterion, kind=ruling.kind, by=by, on=ruling.on)


def _answer(answer: Approved, reviewer: str, group: str, moderators: Mapping[int, str]) -> Answer:
    return Answer(
        criterion=answer.criterion,
        value=answer.value,
        tier=answer.tier,
        observed_on=answer.observed_on,
        reviewer=reviewer,
        group=group,
        # A look of the author's own voice is none, and would not be known by its other name.
        rechecked_by=frozenset(moderators[look.voice_id] for look in answer.looks if look.voice_id != answer.voice_id),
    )
