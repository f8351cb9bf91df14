"""Reads of what letters tell: to whom, of which clinic, and which answers were not taken as they were given."""

from sqlalchemy import Select, select

from directory.domain.moderation import Outcome
from directory.models import Account, AnswerDecision, Clinic, Review, ReviewAnswer, VoidVote


def author(review_id: int) -> Select[str | None, str, str, str, str]:
    """The e-mail address of a review's author and their language, and the name, city and state of its clinic."""
    return (
        select(Account.email, Account.language, Clinic.name, Clinic.city, Clinic.state)
        .join(Review, Review.author_id == Account.id)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .where(Review.id == review_id)
    )


def not_as_given(decision_id: int) -> Select[str, str, str, str | None, str]:
    """The answers that an approval did not take as they were given: the version, and what was decided on each."""
    return (
        select(
            ReviewAnswer.checklist_version.label("version"),
            ReviewAnswer.criterion,
            AnswerDecision.outcome,
            AnswerDecision.reason_code,
            AnswerDecision.reason_text,
        )
        .join(AnswerDecision, AnswerDecision.answer_id == ReviewAnswer.id)
        .where(AnswerDecision.decision_id == decision_id, AnswerDecision.outcome != Outcome.ACCEPTED)
        .order_by(ReviewAnswer.id)
    )


def other_votes(review_id: int, voter_id: int) -> Select[str, str]:
    """The reasons of those who voted to make a review void, but one, the oldest first."""
    return (
        select(VoidVote.reason_code, VoidVote.words)
        .where(VoidVote.review_id == review_id, VoidVote.by_id != voter_id)
        .order_by(VoidVote.id)
    )
