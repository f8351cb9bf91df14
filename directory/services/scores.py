"""Keeps scores: computed from the record, stored with what they were computed from, copied to where a search reads."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from directory.domain import dossier as dossiers
from directory.domain import scoring
from directory.domain.case_reading import parse_case
from directory.domain.cases import Case, canonical, case_as_json, explanation, sha256
from directory.domain.checklist import Checklist
from directory.domain.dossier import Dossier
from directory.domain.errors import InvalidParameter
from directory.domain.identifiers import is_public_id
from directory.extensions import reading
from directory.models import Clinic, StoredScore
from directory.queries import profiles
from directory.queries import scores as queries
from directory.services import audit, checklists, gone
from directory.services.dossiers import gather

_CHUNK = 500


def explain(text: str) -> dict[str, Any]:
    """Return what a scoring case in JSON comes to; InvalidParameter names the field that cannot be used."""
    return explanation(parse_case(text, checklists.version))


def case(public_id: str, as_of: date) -> Case:
    """Return the scoring case of a clinic as of a day; NotFound, Moved or Withheld where it has no page."""
    with reading() as session:
        clinic_id = session.scalar(profiles.shown_id(public_id)) if is_public_id(public_id) else None
        if clinic_id is None:
            raise gone.what_became(session, public_id)
        return dossiers.case(checklists.current(), gather(session, [clinic_id])[clinic_id], as_of)


def restate(session: Session, clinic_ids: Sequence[int], *, at: datetime) -> int:
    """Compute the scores of clinics as of `at`, store those that changed, and return how many did.

    Of a merged listing that is the score of the one that stands for it; its own says nothing any more. Runs in the
    caller's turn of the record. Eight statements at the most, whatever the number of clinics and reviews.
    """
    checklist, as_of = checklists.current(), at.date()
    clinic_ids = session.scalars(queries.touched(clinic_ids)).all()
    stored = {score.clinic_id: score for score in session.scalars(queries.newest(clinic_ids))}
    shown = {row["id"]: row for row in session.execute(queries.copies(clinic_ids)).mappings()}
    found = gather(session, clinic_ids)
    rows, copies = [], []
    for clinic_id in clinic_ids:
        new = dossiers.case(checklist, found[clinic_id], as_of)
        copy = _copies(checklist, found[clinic_id], new)
        if _has_changed(stored.get(clinic_id), new) or any(shown[clinic_id][name] != copy[name] for name in copy):
            rows.append(_row(clinic_id, new, at))
            copies.append({"id": clinic_id} | copy)
    if rows:
        session.execute(insert(StoredScore), rows)
        session.execute(update(Clinic), copies)
    return len(rows)


def expire(*, at: datetime, on_progress: Callable[[int], None] = lambda _count: None) -> int:
    """Apply ageing as of `at` and return how many scores were stated anew; a second run on that day states none.

    A transaction for each 500 clinics; a run that was cut off goes on where it stopped.
    """
    changed = 0
    while True:
        with audit.turn() as session:
            clinic_ids = session.scalars(queries.due(at.date(), _CHUNK)).all()
            if not clinic_ids:
                return changed
            count = restate(session, clinic_ids, at=at)
            body: dict[str, object] = {"as_of": at.date().isoformat(), "clinics": list(clinic_ids), "changed": count}
            audit.enter(session, "expire", actor_id=None, at=at, body=body)
        changed += count
        on_progress(len(clinic_ids))


def verify(*, on_progress: Callable[[int], None] = lambda _count: None) -> Iterator[str]:
    """Recompute every stored score and hold the present ones against the record; yield a sentence a difference."""
    with audit.snapshot() as session:
        last = 0
        while clinics := session.scalars(queries.clinics_after(last, _CHUNK)).all():
            last = clinics[-1].id
            clinic_ids = [clinic.id for clinic in clinics]
            rows = session.scalars(queries.every(clinic_ids)).all()
            by_clinic = {each: list(rows_of) for each, rows_of in groupby(sorted(rows, key=_clinic), key=_clinic)}
            found = gather(session, clinic_ids)
            for clinic in clinics:
                for problem in _differences(clinic, by_clinic.get(clinic.id, []), found[clinic.id]):
                    yield f"clinic {clinic.public_id}: {problem}"
            session.expunge_all()
            on_progress(len(clinics))


def _clinic(score: StoredScore) -> int:
    return score.clinic_id


def _row(clinic_id: int, case: Case, at: datetime) -> dict[str, Any]:
    inputs = canonical(case_as_json(case))
    return (
        _told(case)
        | _made_by(case)
        | {
            "clinic_id": clinic_id,
            "inputs": inputs,
            "input_sha256": sha256(inputs),
            "at": at,
        }
    )


def _made_by(case: Case) -> dict[str, Any]:
    return {
        "checklist_version": case.checklist.version,
        "scorer_version": scoring.SCORER,
        "as_of": case.as_of,
    }


def _told(case: Case) -> dict[str, Any]:
    score = case.score()
    return {
        "grade": score.grade.value,
        "low": score.low,
        "high": score.high,
        "settled": score.settled,
        "explanation": canonical(explanation(case)),
    }


def _has_changed(stored: StoredScore | None, new: Case) -> bool:
    """Whether the stored score was made of other inputs than these, the day apart, or by other rules."""
    if stored is None:
        return bool(new.answers or new.rulings)
    return stored.scorer_version != scoring.SCORER or _undated(json.loads(stored.inputs)) != _undated(case_as_json(new))


def _undated(whole: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if name != "as_of"}


def _copies(checklist: Checklist, found: Dossier, case: Case) -> dict[str, Any]:
    """Return what the clinic's own row repeats of its score, for the search and the nightly ageing."""
    score = case.score()
    every_answer, every_ruling = dossiers.inputs(checklist, found, case.as_of)
    return {
        "grade": score.grade.value,
        "score_low": score.low,
        "score_high": score.high,
        "settled": score.settled,
        "confirmed_points": score.confirmed_points,
        "signs": scoring.written(checklist, score.verdicts),
        "signs_seen_on": scoring.newest_observation(checklist, case.answers, case.rulings, case.as_of),
        "score_changes_on": scoring.changes_on(checklist, every_answer, every_ruling, case.as_of),
    }


def _differences(clinic: Clinic, scores: Sequence[StoredScore], found: Dossier) -> Iterator[str]:
    for score in scores:
        yield from (f"score {score.id}: {problem}" for problem in _not_as_computed(score))
    checklist = checklists.current()
    newest = scores[-1] if scores else None
    now = dossiers.case(checklist, found, newest.as_of if newest else date.min)
    if newest and newest.inputs != canonical(case_as_json(now)):
        yield f"score {newest.id}: its inputs are not what the record holds"
    if newest is None and (now.answers or found.rulings):
        yield "answers on the signs were approved and no score is stored"
    for name, value in _copies(checklist, found, now).items():
        if getattr(clinic, name) != value:
            yield f"{name} is {getattr(clinic, name)}; the record gives {value}"


def _not_as_computed(score: StoredScore) -> Iterator[str]:
    """Yield what differs in one row from what its own inputs give."""
    if score.input_sha256 != sha256(score.inputs):
        yield "input_sha256 is not that of its inputs"
    try:
        case = parse_case(score.inputs, checklists.version)
    except InvalidParameter as error:
        yield f"its inputs cannot be read: {error}"
        return
    for name, value in (_told(case) | _made_by(case)).items():
        if getattr(score, name) != value:
            yield f"{name} is {getattr(score, name)}; its inputs give {value}"
    if (day := audit.in_utc(score.at).date()) != score.as_of:
        yield f"as_of is {score.as_of}; it was computed on {day}"
