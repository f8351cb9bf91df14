"""Reads of reviews for those who write and decide them."""

from typing import Any

from sqlalchemy import Select, select

from directory.domain.moderation import OPEN, ReviewStatus
from directory.domain.profile import ListingStatus
from directory.models import AnswerDecision, Clinic, Recheck, Review, ReviewAnswer
from directory.queries import dossiers


def by_public_id(public_id: str) -> Select[Review]:
    """The review with this public id, of any status."""
    return select(Review).where(Review.public_id == public_id)


def handed_in_as(author_id: int, key: str) -> Select[Review]:
    """The review that an author handed in under a key of their own."""
    return select(Review).where(Review.author_id == author_id, Review.idempotency_key == key)


def open_of(author_id: int, clinic_id: int) -> Select[Review]:
    """The author's review of a clinic that is still a draft or undecided; there is at most one."""
    return select(Review).where(Review.author_id == author_id, Review.clinic_id == clinic_id, Review.status.in_(OPEN))


def approved_before(review: Review) -> Select[Review]:
    """The approved reviews of the same author and clinic that `review` follows, the oldest first."""
    return (
        select(Review)
        .where(Review.author_id == review.author_id, Review.clinic_id == review.clinic_id)
        .where(Review.status == ReviewStatus.APPROVED, Review.id != review.id)
        .order_by(Review.id)
    )


def answers_of(review_id: int) -> Select[ReviewAnswer]:
    """The answers of a review, in the order in which they were given."""
    return select(ReviewAnswer).where(ReviewAnswer.review_id == review_id).order_by(ReviewAnswer.id)


def counting_answer(review_public_id: str, criterion: str) -> Select[Any]:
    """The accepted answer, yes or no, of an approved review to one question, with that review and the outcome."""
    return dossiers.of_counting_reviews(select(ReviewAnswer, Review, AnswerDecision.outcome)).where(
        Review.public_id == review_public_id, ReviewAnswer.criterion == criterion
    )


def look(answer_id: int, by_id: int) -> Select[Recheck]:
    """The re-check of an answer by an account; there is at most one."""
    return select(Recheck).where(Recheck.answer_id == answer_id, Recheck.by_id == by_id)


def published_clinic(public_id: str) -> Select[Clinic]:
    """The published clinic with this public id, as services need it: without chain and facts."""
    return select(Clinic).where(Clinic.public_id == public_id, Clinic.status == ListingStatus.PUBLISHED)
