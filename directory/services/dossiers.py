"""Gathers what was approved about clinics, in a fixed number of statements however many clinics and reviews."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from directory.domain.checklist import Value
from directory.domain.dossier import Approved, Dossier, Look, Ruled
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.findings import RulingKind
from directory.queries import dossiers as queries
from directory.services.audit import in_utc

#: So many people must have ruled, of the same day, that a clinic mended a sign.
PEOPLE_TO_REMEDY = 2
_T = TypeVar("_T")
_SHOWN = ("seen_on", "url", "quote", "note", "archive_url")


def gather(session: Session, clinic_ids: Sequence[int], *, with_evidence: bool = False) -> dict[int, Dossier]:
    """Return the dossier of each clinic, empty for one of which nothing was approved.

    Three statements, four with the evidence.
    """
    of_these = {"clinic_ids": list(clinic_ids)}
    # The answers first: one that is approved while we read is then left out, and never shown without its evidence.
    rows = session.execute(queries.approved(), of_these).all()
    looks = _by_answer(session.execute(queries.looks(), of_these), _look)
    evidence = _by_answer(session.execute(queries.evidence(), of_these), _evidence) if with_evidence else {}
    answers: dict[int, list[Approved]] = {clinic_id: [] for clinic_id in clinic_ids}
    for row in rows:
        answers[row.clinic_id].append(_approved(row, looks, evidence))
    rulings: dict[int, list[Ruled]] = {clinic_id: [] for clinic_id in clinic_ids}
    for clinic_id, ruling in _ruled(session.execute(queries.rulings(), of_these)):
        rulings[clinic_id].append(ruling)
    return {clinic_id: Dossier(answers[clinic_id], rulings[clinic_id]) for clinic_id in clinic_ids}


def _by_answer(rows: Iterable[Any], make: Callable[[Any], _T]) -> dict[int, tuple[_T, ...]]:
    found: dict[int, list[_T]] = defaultdict(list)
    for row in rows:
        found[row.answer_id].append(make(row))
    return {answer_id: tuple(rows) for answer_id, rows in found.items()}


def _look(row: Any) -> Look:
    return Look(row.by_id, row.voice_id, in_utc(row.at).date())


def _evidence(row: Any) -> Evidence:
    return Evidence(kind=EvidenceKind(row.kind), **{name: getattr(row, name) for name in _SHOWN})


def _approved(row: Any, looks: dict[int, tuple[Look, ...]], evidence: dict[int, tuple[Evidence, ...]]) -> Approved:
    return Approved(
        answer_id=row.answer_id,
        review_id=row.review_id,
        author_id=row.author_id,
        voice_id=row.voice_id,
        version=row.checklist_version,
        criterion=row.criterion,
        value=Value(row.value),
        tier=row.tier,
        observed_on=row.observed_on,
        looks=looks.get(row.answer_id, ()),
        evidence=evidence.get(row.answer_id, ()),
    )


def _ruled(rows: Iterable[Any]) -> Iterator[tuple[int, Ruled]]:
    """Yield rulings with their clinics: each confirmation as it stands, a remedy where the second person enters it."""
    remedied: dict[tuple[int, str, date], list[int]] = defaultdict(list)
    for row in rows:
        if row.kind == RulingKind.CONFIRM:
            yield row.clinic_id, _by(row, row.voice_id)
            continue
        people = remedied[row.clinic_id, row.criterion, row.in_force_on]
        # By then they may be linked, though they were not when they ruled; and a third person adds nothing.
        if row.voice_id not in people:
            people.append(row.voice_id)
            if len(people) == PEOPLE_TO_REMEDY:
                yield row.clinic_id, _by(row, *people)


def _by(row: Any, *people: int) -> Ruled:
    return Ruled(criterion=row.criterion, kind=RulingKind(row.kind), by=people, on=row.in_force_on)
