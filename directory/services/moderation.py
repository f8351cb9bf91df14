"""Decides on reviews, re-checks their sources and rules on signs: each a decision in the record, and the score anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from directory.domain import dossier as dossiers
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, NotFound
from directory.domain.findings import QUORUM, RulingKind, find
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import (
    DAYS_TO_REPLY,
    DECISIONS,
    Action,
    Outcome,
    Reason,
    ReviewStatus,
    after,
    check_reason,
)
from directory.domain.profile import NOT_LISTED
from directory.models import AnswerDecision, Clinic, Decision, Recheck, Review, ReviewAnswer, StoredRuling
from directory.queries import reviews as queries
from directory.services import audit, checklists, scores
from directory.services.dossiers import gather

_CHANGED = N_("Somebody decided this review while you were reading it. Look at it again.")
_OWN_WORK = N_("You cannot decide on your own review, nor on one of an account linked to yours.")


@dataclass(frozen=True)
class ClinicSign:
    """A warning sign of one clinic, both by their public names."""

    clinic: str
    criterion: str


@dataclass(frozen=True, kw_only=True)
class Act:
    """Somebody takes a review from one status to the next, and why."""

    action: Action
    actor_id: int
    at: datetime
    reason: Reason | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a moderator decides on one answer; anything but "accepted" needs a reason and words."""

    outcome: Outcome
    reason: Reason | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A decision on a whole review: approve (with a judgement for each answer), request changes, or decline."""

    action: Action
    answers: Mapping[str, Judgement]
    reason: Reason | None = None
    words: str = ""


def decide(review_id: str, verdict: Verdict, *, moderator_id: int, seen_version: int, at: datetime) -> None:
    """Decide on a review as the moderator saw it.

    Raises NotFound, Forbidden for one's own work, InvalidTransition where it is decided already, Conflict where it
    changed since `seen_version`, and InvalidParameter for another action than those of a verdict, and for a reason or a
    judgement that is missing.
    """
    if verdict.action not in DECISIONS:
        raise InvalidParameter("action", N_("Approve the review, ask its author for changes, or decline it."))
    check_reason(verdict.action, verdict.reason, verdict.words)
    with audit.turn() as session:
        review = reviewed(session, review_id, seen_version)
        _refuse_own_work(session, review, moderator_id)
        act = Act(action=verdict.action, actor_id=moderator_id, at=at, reason=verdict.reason, words=verdict.words)
        decision = move(session, review, act)
        if verdict.action is Action.APPROVE:
            _judge(session, review, decision, verdict.answers)
            _supersede(session, review, moderator_id, at)
            scores.restate(session, [review.clinic_id], at=at)


def recheck(review_id: str, criterion: str, *, has_seen: bool, moderator_id: int, at: datetime) -> None:
    """Enter that a moderator opened the source of an approved answer, and whether the words stood there.

    Raises NotFound for an answer that does not count, Forbidden for one's own, and Conflict on the second time.
    """
    with audit.turn() as session:
        wanted = queries.counting_answer(review_id, criterion)
        found = session.execute(wanted).one_or_none() if is_public_id(review_id) else None
        if found is None:
            raise NotFound(N_("There is no such answer among the approved ones."))
        answer, review = found
        _refuse_own_work(session, review, moderator_id)
        if session.scalar(queries.look(answer.id, moderator_id)):
            raise Conflict(N_("You have re-checked this answer before; one look a person counts."))
        look = Recheck(answer_id=answer.id, by_id=moderator_id, has_seen=has_seen, at=at)
        session.add(look)
        session.flush()
        _enter(session, Decision(clinic_id=review.clinic_id, action=Action.RECHECK, actor_id=moderator_id,
                                 recheck_id=look.id, at=at))  # fmt: skip
        scores.restate(session, [review.clinic_id], at=at)


def confirm(sign: ClinicSign, *, moderator_id: int, told_on: date, at: datetime) -> date:
    """Rule that a critical sign holds, and return the day on which that comes into force: a week after `told_on`.

    It takes two people. Raises NotFound; InvalidParameter where the sign is not critical, where the evidence is not
    that of a quorum on this day, or where the clinic was not told; Forbidden for an author of an answer on the sign;
    Conflict on the second time.
    """
    if told_on > at.date():
        raise InvalidParameter("told_on", N_("Give the day on which the clinic was told. It cannot lie in the future."))
    with audit.turn() as session:
        ruling = _ruling(session, sign, RulingKind.CONFIRM, moderator_id, at)
        _refuse_unless_raised(session, ruling)
        in_force_on = max(at.date(), told_on + timedelta(days=DAYS_TO_REPLY))
        ruling.told_on, ruling.in_force_on = told_on, in_force_on
        _rule(session, ruling, Action.CONFIRM)
        return in_force_on


def remedy(sign: ClinicSign, *, mended_on: date, by: tuple[int, int], words: str, at: datetime) -> None:
    """Rule, two people together, that the clinic mended a sign: what raised it until that day stops counting.

    Raises NotFound, InvalidParameter for a day to come or a criterion that is no sign, Forbidden where one of them
    answered on the sign or both are one person, and Conflict on the second time.
    """
    check_reason(Action.REMEDY, None, words)
    if mended_on > at.date():
        raise InvalidParameter("mended_on", N_("Give the day by which it was mended. It cannot lie in the future."))
    with audit.turn() as session:
        ruling = _ruling(session, sign, RulingKind.REMEDIED, by[0], at)
        ruling.second_by_id, ruling.in_force_on = by[1], mended_on
        _rule(session, ruling, Action.REMEDY, words)


def listed(session: Session, public_id: str) -> Clinic:
    """Return a published clinic; NotFound for any other."""
    clinic = session.scalar(queries.published_clinic(public_id)) if is_public_id(public_id) else None
    if clinic is None:
        raise NotFound(NOT_LISTED)
    return clinic


def reviewed(session: Session, review_id: str, seen_version: int) -> Review:
    """Return a review as somebody saw it; NotFound, or Conflict where it has changed since."""
    review = session.scalar(queries.by_public_id(review_id)) if is_public_id(review_id) else None
    if review is None:
        raise NotFound(N_("There is no such review."))
    if review.version != seen_version:
        raise Conflict(_CHANGED)
    return review


def move(session: Session, review: Review, act: Act) -> Decision:
    """Take a review from its status to the next: the decision first, then the status on the version that was seen."""
    seen, to_status = review.version, after(ReviewStatus(review.status), act.action)
    decision = Decision(
        clinic_id=review.clinic_id,
        action=act.action,
        actor_id=act.actor_id,
        review_id=review.id,
        from_status=review.status,
        to_status=to_status,
        seen_version=seen,
        reason_code=act.reason,
        reason_text=act.words,
        at=act.at,
    )
    _enter(session, decision)
    changed: Any = session.execute(
        update(Review)
        .where(Review.id == review.id, Review.version == seen, Review.status == decision.from_status)
        .values(status=to_status, version=seen + 1)
    )
    if changed.rowcount != 1:
        raise Conflict(_CHANGED)
    return decision


def _judge(session: Session, review: Review, decision: Decision, judgements: Mapping[str, Judgement]) -> None:
    answers = session.scalars(queries.answers_of(review.id)).all()
    if {answer.criterion for answer in answers} != set(judgements):
        raise InvalidParameter("answers", N_("Decide on every answer of the review, and on no other."))
    for criterion, judgement in judgements.items():
        check_reason(judgement.outcome, judgement.reason, judgement.words, field=f"answers.{criterion}")
    session.execute(insert(AnswerDecision), [_judged(decision, each, judgements[each.criterion]) for each in answers])


def _judged(decision: Decision, answer: ReviewAnswer, judgement: Judgement) -> dict[str, Any]:
    return {
        "decision_id": decision.id,
        "answer_id": answer.id,
        "outcome": judgement.outcome,
        "reason_code": judgement.reason,
        "reason_text": judgement.words,
    }


def _supersede(session: Session, review: Review, moderator_id: int, at: datetime) -> None:
    for earlier in session.scalars(queries.approved_before(review)).all():
        move(session, earlier, Act(action=Action.SUPERSEDE, actor_id=moderator_id, at=at))


def _refuse_own_work(session: Session, review: Review, actor_id: int) -> None:
    if _voice(session, review.author_id) == _voice(session, actor_id):
        raise Forbidden(_OWN_WORK)


def _voice(session: Session, account_id: int) -> int:
    account = session.scalar(queries.account(account_id))
    if account is None:
        raise NotFound(N_("There is no such account."))
    return account.linked_to_id or account.id


def _refuse_unless_raised(session: Session, ruling: StoredRuling) -> None:
    checklist = checklists.current()
    sign = checklist.by_slug.get(ruling.criterion)
    if sign is None or not sign.is_critical:
        raise InvalidParameter("criterion", N_("Only a critical warning sign is confirmed by two people."))
    answers, rulings = dossiers.inputs(checklist, gather(session, [ruling.clinic_id])[ruling.clinic_id])
    if find(sign, answers, rulings, ruling.at.date()).raising.level < QUORUM:
        raise InvalidParameter(
            "criterion", N_("The evidence is not enough today: it takes what anyone can check, and a second voice.")
        )


def _ruling(session: Session, sign: ClinicSign, kind: RulingKind, by_id: int, at: datetime) -> StoredRuling:
    clinic = listed(session, sign.clinic)
    version = checklists.current().version
    return StoredRuling(
        clinic_id=clinic.id, checklist_version=version, criterion=sign.criterion, kind=kind, by_id=by_id, at=at
    )


def _rule(session: Session, ruling: StoredRuling, action: Action, words: str = "") -> None:
    sign = checklists.current().by_slug.get(ruling.criterion)
    if sign is None or not sign.is_sign:
        raise InvalidParameter("criterion", N_("Rulings are on the five warning signs."))
    _refuse_authors(session, ruling)
    if session.scalar(queries.same_ruling(ruling)):
        raise Conflict(N_("You have ruled so on this sign before, for the same day."))
    session.add(ruling)
    session.flush()
    _enter(session, Decision(clinic_id=ruling.clinic_id, action=action, actor_id=ruling.by_id, ruling_id=ruling.id,
                             reason_text=words, at=ruling.at))  # fmt: skip
    scores.restate(session, [ruling.clinic_id], at=ruling.at)


def _refuse_authors(session: Session, ruling: StoredRuling) -> None:
    authors = set(session.scalars(queries.voices_on(ruling.clinic_id, ruling.criterion)))
    people = [_voice(session, each) for each in (ruling.by_id, ruling.second_by_id) if each is not None]
    if authors & set(people):
        raise Forbidden(_OWN_WORK)
    if len(set(people)) < len(people):
        raise Forbidden(N_("It takes two different people."))


def _enter(session: Session, decision: Decision) -> None:
    session.add(decision)
    session.flush()
    audit.enter_decision(session, decision)
