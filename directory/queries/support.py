"""Reads of what confirmations of critical signs rested on, and have lost since."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select

from directory.domain.findings import RulingKind
from directory.domain.moderation import Action, Outcome, ReviewStatus
from directory.domain.profile import ListingStatus
from directory.models import AnswerDecision, Clinic, Decision, Review, ReviewAnswer, StoredRuling
from directory.queries.aliases import called
from directory.queries.dossiers import stands_for
from directory.queries.queue import may_decide

_GONE = (ReviewStatus.WITHDRAWN_AFTER, ReviewStatus.VOIDED)
_ENDS = (Action.WITHDRAW_AFTER, Action.VOID)


def lost() -> Select[Any]:
    """The accepted answers of reviews taken back or made void that counted when somebody confirmed their sign.

    A row has the clinic, the answer, and which decision of which day ended it; the oldest first.
    """
    approval, newer = called("lost_approval", Decision), called("lost_newer", AnswerDecision)
    is_newest = ~(
        select(newer.decision_id)
        .where(newer.answer_id == AnswerDecision.answer_id, newer.decision_id > AnswerDecision.decision_id)
        .exists()
    )
    rested = _confirmed().where(StoredRuling.at <= Decision.at, StoredRuling.at >= approval.at).exists()
    statement: Any = (
        select(
            stands_for().label("clinic_id"), ReviewAnswer.checklist_version.label("version"), ReviewAnswer.criterion,
            ReviewAnswer.value, ReviewAnswer.observed_on,
            Decision.id.label("decision_id"), Decision.action, Decision.at,
        )
        .select_from(Review)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .join(Decision, (Decision.review_id == Review.id) & Decision.action.in_(_ENDS))
        .join(ReviewAnswer, ReviewAnswer.review_id == Review.id)
        .join(AnswerDecision, (AnswerDecision.answer_id == ReviewAnswer.id) & is_newest)
        .join(approval, approval.id == AnswerDecision.decision_id)
        .where(Review.status.in_(_GONE), AnswerDecision.outcome != Outcome.DROPPED)
        .where(ReviewAnswer.observed_on.is_not(None), rested)
        .order_by(Decision.id, ReviewAnswer.id)
    )  # fmt: skip
    return statement


def not_confirmed_since(found: Select[Any]) -> Select[Any]:
    """Narrow lost() to signs that nobody confirmed anew, on other evidence, since the loss."""
    return found.where(~_confirmed().where(StoredRuling.at > Decision.at).exists())


def of_clinics(found: Select[Any], clinic_ids: Iterable[int]) -> Select[Any]:
    """Narrow lost() to some clinics."""
    ids = list(clinic_ids)
    # Not by stands_for(), which no index knows.
    own = and_(Clinic.id.in_(ids), Clinic.successor_id.is_(None))
    return found.where(or_(own, Clinic.successor_id.in_(ids)))


def of_decisions(found: Select[Any], decision_ids: Iterable[int]) -> Select[Any]:
    """Narrow lost() to what some decisions ended."""
    return found.where(Decision.id.in_(list(decision_ids)))


def clinics(for_voice: int, today: date) -> Select[Clinic]:
    """The published clinics that have lost something of the kind, and to which one has no tie; in order of entry."""
    theirs = lost().with_only_columns(stands_for()).where(may_decide(for_voice, today)).order_by(None)
    standing = called("clinics_standing", Clinic)
    return (
        select(standing)
        .where(standing.id.in_(theirs), standing.status == ListingStatus.PUBLISHED)
        .order_by(standing.id)
    )


def _confirmed() -> Select[int]:
    """The confirmations of an answer's sign, by whichever listing of the clinic."""
    ruled = called("confirmed_ruled", Clinic)
    return (
        select(StoredRuling.id)
        .join(ruled, ruled.id == StoredRuling.clinic_id)
        .where(
            stands_for(ruled) == stands_for(),
            StoredRuling.criterion == ReviewAnswer.criterion,
            StoredRuling.kind == RulingKind.CONFIRM,
        )
        .correlate_except(StoredRuling, ruled)
    )
