"""The dossier of a clinic: everything approved about it, and the scoring case that follows from it, without names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from directory.domain.cases import Case
from directory.domain.checklist import Checklist, Value
from directory.domain.evidence import Evidence
from directory.domain.findings import Answer, Ruling, RulingKind


@dataclass(frozen=True)
class Look:
    """A moderator opened the source and saw the words; `voice_id` is the account that stands for their group."""

    by_id: int
    voice_id: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Approved:
    """An accepted answer of an approved review, of the tier at which it was accepted."""

    answer_id: int
    review_id: int
    author_id: int
    voice_id: int
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


def standing(checklist: Checklist, dossier: Dossier) -> list[Approved]:
    """Return the answers that their author has not replaced by a newer review, in the order of entry.

    What raises a critical sign is kept: else the author alone could lift what two moderators have confirmed. In the
    voice of its group the newest observation still speaks.
    """
    newest: dict[tuple[int, str], int] = {}
    for answer in dossier.answers:
        key = (answer.author_id, answer.criterion)
        newest[key] = max(answer.review_id, newest.get(key, 0))
    return [
        answer
        for answer in dossier.answers
        if answer.review_id == newest[answer.author_id, answer.criterion] or _raises_critical(checklist, answer)
    ]


def inputs(checklist: Checklist, dossier: Dossier) -> tuple[list[Answer], list[Ruling]]:
    """Return the standing answers and the rulings as the scorer takes them: people by numbers in order of entry.

    The names r1, r2 … (reviewers, in the order of their answers), m1, m2 … (moderators) and g-r1 (the group of r1)
    tell people of this one clinic apart and nothing more.
    """
    answers = standing(checklist, dossier)
    names = _names(answers, dossier.rulings)
    voices = {answer.voice_id: names[answer.author_id] for answer in reversed(answers)}
    return (
        [_answer(answer, names, f"g-{voices[answer.voice_id]}") for answer in answers],
        [
            Ruling(criterion=each.criterion, kind=each.kind, by=frozenset(names[who] for who in each.by), on=each.on)
            for each in dossier.rulings
        ],
    )


def case(checklist: Checklist, dossier: Dossier, as_of: date) -> Case:
    """Return the scoring case as of a day: the answers on the signs, and the rulings in force on that day.

    A ruling that is not yet in force stays out: until then the clinic may still reply.
    """
    signs = {sign.slug for sign in checklist.signs}
    on_signs = replace(dossier, answers=[answer for answer in dossier.answers if answer.criterion in signs])
    ruled = replace(on_signs, rulings=[ruling for ruling in dossier.rulings if ruling.on <= as_of])
    answers, rulings = inputs(checklist, ruled)
    return Case(checklist, as_of, tuple(answers), tuple(rulings))


def _raises_critical(checklist: Checklist, answer: Approved) -> bool:
    criterion = checklist.by_slug[answer.criterion]
    return criterion.is_critical and answer.value is criterion.against


def _names(answers: Iterable[Approved], rulings: Iterable[Ruled]) -> dict[int, str]:
    names: dict[int, str] = {}
    answers = list(answers)
    for answer in answers:
        names.setdefault(answer.author_id, f"r{len(names) + 1}")
    reviewers = len(names)
    moderators = [look.voice_id for answer in answers for look in answer.looks]
    for person in (*moderators, *(person for ruling in rulings for person in ruling.by)):
        names.setdefault(person, f"m{len(names) - reviewers + 1}")
    return names


def _answer(answer: Approved, names: dict[int, str], group: str) -> Answer:
    looks = {names[look.voice_id] for look in answer.looks if look.voice_id != answer.voice_id}
    return Answer(
        criterion=answer.criterion,
        value=answer.value,
        tier=answer.tier,
        observed_on=answer.observed_on,
        reviewer=names[answer.author_id],
        group=group,
        rechecked_by=frozenset(looks),
    )
