"""Reads of reviews for those who write and decide them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Select, delete, select

from directory.domain.moderation import OPEN, Action, ReviewStatus
from directory.domain.profile import ListingStatus
from directory.models import (
    Account,
    AnswerDecision,
    AnswerEvidence,
    Clinic,
    Decision,
    Recheck,
    Review,
    ReviewAnswer,
    ReviewDraft,
)
from directory.queries import dossiers
from directory.queries.aliases import called


def by_public_id(public_id: str) -> Select[Review]:
    """The review with this public id, of any status."""
    return select(Review).where(Review.public_id == public_id)


def with_listing(public_id: str) -> Select[Review, int]:
    """The same review with the id of the listing for which it counts: of a merged one that of its successor."""
    listing = dossiers.stands_for().label("listing_id")
    return select(Review, listing).join(Clinic, Clinic.id == Review.clinic_id).where(Review.public_id == public_id)


def under_key(author_id: int, key: str) -> Select[Review]:
    """The review that an author began, or handed in, under a key of their own."""
    return select(Review).where(Review.author_id == author_id, Review.idempotency_key == key)


def locked(author_id: int) -> Select[int]:
    """The account, held until the transaction ends: two drafts of one author are not begun at once."""
    return select(Account.id).where(Account.id == author_id).with_for_update()


def draft_of(review_id: int) -> Select[ReviewDraft]:
    """What the author of a review typed and has not handed in; there is at most one."""
    return select(ReviewDraft).where(ReviewDraft.review_id == review_id)


def drafts_before(moment: datetime) -> Select[Review, ReviewDraft]:
    """The drafts that were saved last before a moment, each with its review."""
    return (
        select(Review, ReviewDraft)
        .join(ReviewDraft, ReviewDraft.review_id == Review.id)
        .where(ReviewDraft.saved_at < moment)
        .order_by(Review.id)
    )


def newest_approved(author_id: int, clinic_id: int) -> Select[Review]:
    """The author's approved review of a clinic that was handed in last."""
    return (
        select(Review)
        .where(Review.author_id == author_id, Review.clinic_id == clinic_id, Review.status == ReviewStatus.APPROVED)
        .order_by(Review.id.desc())
        .limit(1)
    )


def last_request(review_id: int) -> Select[Decision]:
    """The last decision by which the author of a review was asked for changes."""
    return (
        select(Decision)
        .where(Decision.review_id == review_id, Decision.action == Action.REQUEST_CHANGES)
        .order_by(Decision.id.desc())
        .limit(1)
    )


def evidence_of(review_id: int) -> Select[AnswerEvidence]:
    """The evidence for all answers of a review, in the order in which it was given."""
    return (
        select(AnswerEvidence)
        .join(ReviewAnswer, ReviewAnswer.id == AnswerEvidence.answer_id)
        .where(ReviewAnswer.review_id == review_id)
        .order_by(AnswerEvidence.id)
    )


def answers_gone(review_id: int) -> Sequence[Delete]:
    """The statements that take the answers of a review back, and their evidence first."""
    ids = select(ReviewAnswer.id).where(ReviewAnswer.review_id == review_id)
    return (
        delete(AnswerEvidence).where(AnswerEvidence.answer_id.in_(ids)),
        delete(ReviewAnswer).where(ReviewAnswer.review_id == review_id),
    )


def draft_gone(review_id: int) -> Delete:
    """The statement that takes the draft of a review away."""
    return delete(ReviewDraft).where(ReviewDraft.review_id == review_id)


def review_gone(review_id: int) -> Delete:
    """The statement that takes a review away that was never handed in."""
    return delete(Review).where(Review.id == review_id)


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


def clinic_of_form(public_id: str) -> Select[Clinic]:
    """The clinic with this public id about which a form may be open: published, or closed or merged away since."""
    wanted = (ListingStatus.PUBLISHED, ListingStatus.CLOSED, ListingStatus.MERGED)
    return select(Clinic).where(Clinic.public_id == public_id, Clinic.status.in_(wanted))


def stays(clinic_id: int) -> Select[Clinic]:
    """The published listing into which this one was merged."""
    goes = called("stays_goes", Clinic)
    return (
        select(Clinic)
        .join(goes, goes.successor_id == Clinic.id)
        .where(goes.id == clinic_id, Clinic.status == ListingStatus.PUBLISHED)
    )


def published_clinic(public_id: str) -> Select[Clinic]:
    """The published clinic with this public id, as services need it: without chain and facts."""
    return select(Clinic).where(Clinic.public_id == public_id, Clinic.status == ListingStatus.PUBLISHED)
