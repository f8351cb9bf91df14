"""Decides on reviews and re-checks their sources: each a decision in the record, and the score anew."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidParameter, NotFound
from directory.domain.findings import VERIFIABLE
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.mail import Site
from directory.domain.moderation import (
    DECISIONS,
    Action,
    Outcome,
    Reason,
    ReviewStatus,
    after,
    check_reason,
)
from directory.domain.profile import NOT_LISTED
from directory.domain.texts import is_plain
from directory.models import AnswerDecision, Clinic, Decision, Recheck, Review, ReviewAnswer
from directory.queries import reviews as queries
from directory.services import abuse, access, audit, letters, scores
from directory.services.access import About
from directory.services.leased import refuse_if_open_elsewhere

_CHANGED = N_("This review has changed since you opened it. Nothing was done; look at it as it is now.")
_NO_SOURCE = N_("This answer rests on no page that anyone can open. Only words on a page are re-checked.")


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
class ReviewDecision:
    """A decision on a whole review: approve (with a judgement for each answer), request changes, or decline.

    `seen` are the criteria of the answers whose source the moderator opened, and found the words: with an approval each
    is a re-check. `site` is where its author reads it; without one no letter is sent.
    """

    action: Action
    answers: Mapping[str, Judgement]
    reason: Reason | None = None
    words: str = ""
    seen: Collection[str] = ()
    site: Site | None = None


def decide(review_id: str, verdict: ReviewDecision, *, moderator_id: int, seen_version: int, at: datetime) -> None:
    """Decide on a review as the moderator saw it, and send its author the reasons.

    Raises NotFound, Forbidden for one's own work, a tie or a missing role, InvalidTransition where it is decided
    already, Conflict where it changed since `seen_version`, another moderator has it open or reviews of its clinic are
    held, and InvalidParameter for another action than those of a verdict, and for a reason or a judgement that is
    missing.
    """
    if verdict.action not in DECISIONS:
        raise InvalidParameter("action", N_("Approve the review, ask its author for changes, or decline it."))
    check_reason(verdict.action, verdict.reason, verdict.words)
    with audit.turn() as session:
        review = reviewed(session, review_id, seen_version)
        access.require(session, Permission.DECIDE, moderator_id, about(session, review), at=at)
        abuse.refuse_while_held(session, review.clinic_id, at=at)
        refuse_if_open_elsewhere(review, moderator_id, at)
        act = Act(action=verdict.action, actor_id=moderator_id, at=at, reason=verdict.reason, words=verdict.words)
        decision = _moved(session, review, act)
        if verdict.action is Action.APPROVE:
            _judge(session, review, decision, verdict.answers)
        audit.enter_decision(session, decision)
        if verdict.site:
            letters.tell_author(session, decision, verdict.site)
        if verdict.action is Action.APPROVE:
            _supersede(session, review, moderator_id, at)
            scores.restate(session, [review.clinic_id], at=at)
            for criterion in verdict.seen:
                recheck(review_id, criterion, has_seen=True, moderator_id=moderator_id, at=at)


def recheck(review_id: str, criterion: str, *, has_seen: bool, moderator_id: int, at: datetime) -> None:
    """Enter that a moderator opened the source of an approved answer, and whether the words stood there.

    Raises NotFound for an answer that does not count, InvalidParameter for one without a source that anyone can open,
    Forbidden as decide() does, and Conflict on the second time.
    """
    with audit.turn() as session:
        wanted = queries.counting_answer(review_id, criterion)
        can_be_there = is_public_id(review_id) and is_plain(criterion)
        found = session.execute(wanted).one_or_none() if can_be_there else None
        if found is None:
            raise NotFound(N_("There is no such answer among the approved ones."))
        answer, review, outcome = found
        access.require(session, Permission.RECHECK, moderator_id, about(session, review), at=at)
        if answer.tier != VERIFIABLE or outcome != Outcome.ACCEPTED:
            raise InvalidParameter("criterion", _NO_SOURCE)
        if session.scalar(queries.look(answer.id, moderator_id)):
            raise Conflict(N_("You have re-checked this answer before; one look a person counts."))
        look = Recheck(answer_id=answer.id, by_id=moderator_id, has_seen=has_seen, at=at)
        session.add(look)
        session.flush()
        enter(session, Decision(clinic_id=review.clinic_id, action=Action.RECHECK, actor_id=moderator_id,
                                recheck_id=look.id, at=at))  # fmt: skip
        scores.restate(session, [review.clinic_id], at=at)


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
    """Take a review from its status to the next and enter that; all that the decision is about is written before."""
    decision = _moved(session, review, act)
    audit.enter_decision(session, decision)
    return decision


def _moved(session: Session, review: Review, act: Act) -> Decision:
    """Write the decision first, then the status on the version that was seen."""
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
    session.add(decision)
    session.flush()
    changed: Any = session.execute(
        update(Review)
        .where(Review.id == review.id, Review.version == seen, Review.status == decision.from_status)
        .values(status=to_status, version=seen + 1, claimed_by_id=None, claimed_at=None, claim_until=None)
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


def about(session: Session, review: Review) -> About:
    """Return a review as something that is acted on."""
    authors = frozenset({review.author_id})
    return About(clinic_id=review.clinic_id, authors=authors, voices=access.voices(session, authors))


def enter(session: Session, decision: Decision) -> None:
    """Write a decision and its entry in the audit chain."""
    session.add(decision)
    session.flush()
    audit.enter_decision(session, decision)
