"""Reads of what stands in a review: its answers, and what was decided on them and on the whole."""

from sqlalchemy import Select, and_, select

from directory.models import AnswerDecision, Decision, ReviewAnswer
from directory.queries.aliases import called


def answers(review_id: int) -> Select[ReviewAnswer, AnswerDecision | None]:
    """The answers of a review in the order in which they were given, each with the newest decision on it."""
    newer = called("answers_newer", AnswerDecision)
    is_newest = ~(
        select(newer.decision_id)
        .where(newer.answer_id == AnswerDecision.answer_id, newer.decision_id > AnswerDecision.decision_id)
        .exists()
    )
    return (
        select(ReviewAnswer, AnswerDecision)
        .outerjoin(AnswerDecision, and_(AnswerDecision.answer_id == ReviewAnswer.id, is_newest))
        .where(ReviewAnswer.review_id == review_id)
        .order_by(ReviewAnswer.id)
    )


def decisions(review_id: int) -> Select[Decision]:
    """What was entered in the record about a review, the oldest first."""
    return select(Decision).where(Decision.review_id == review_id).order_by(Decision.id)
