"""Reads of what was approved about clinics: answers, their evidence, re-checks and rulings, in order of entry.

Each statement is built once and takes the parameter `clinic_ids`, a list: the page of a clinic runs all of them. What
was approved about a merged listing counts for the one that stands for it, and for no other.
"""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, func, or_, select

from directory.domain.checklist import Value
from directory.domain.findings import TESTIMONY
from directory.domain.moderation import COUNTING, Outcome
from directory.models import (
    Account,
    AnswerDecision,
    AnswerEvidence,
    Clinic,
    Recheck,
    Review,
    ReviewAnswer,
    StoredRuling,
)
from directory.queries.aliases import called

_CLINIC_IDS: BindParameter[int] = bindparam("clinic_ids", expanding=True)


@cache
def approved() -> Select[Any]:
    """Return the accepted answers, yes or no, of the approved reviews of clinics, with the tier that was accepted."""
    tier = case((AnswerDecision.outcome == Outcome.TESTIMONY, TESTIMONY), else_=ReviewAnswer.tier)
    return (
        of_counting_reviews(
            select(
                stands_for().label("clinic_id"),
                Review.id.label("review_id"),
                Review.author_id,
                voice(Account).label("voice_id"),
                ReviewAnswer.id.label("answer_id"),
                ReviewAnswer.checklist_version,
                ReviewAnswer.criterion,
                ReviewAnswer.value,
                ReviewAnswer.observed_on,
                tier.label("tier"),
            ),
        )
        .join(Clinic, Clinic.id == Review.clinic_id)
        .where(_is_of_these())
        .order_by(Review.id, ReviewAnswer.id)
    )


@cache
def evidence() -> Select[Any]:
    """Return the evidence for those answers, in the order in which it was given."""
    columns = (
        AnswerEvidence.answer_id, AnswerEvidence.kind, AnswerEvidence.seen_on, AnswerEvidence.url,
        AnswerEvidence.quote, AnswerEvidence.note, AnswerEvidence.archive_url,
    )  # fmt: skip
    return (
        of_counting_reviews(select(*columns))
        .join(AnswerEvidence, AnswerEvidence.answer_id == ReviewAnswer.id)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .where(_is_of_these())
        .order_by(AnswerEvidence.id)
    )


@cache
def looks() -> Select[Any]:
    """Return who re-checked those answers and saw the words, in the order in which they did."""
    by = called("looks_by", Account)
    statement = select(Recheck.answer_id, Recheck.by_id, voice(by).label("voice_id"), Recheck.at)
    return (
        of_counting_reviews(statement)
        .join(Recheck, Recheck.answer_id == ReviewAnswer.id)
        .join(by, by.id == Recheck.by_id)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .where(_is_of_these(), Recheck.has_seen)
        .order_by(Recheck.id)
    )


@cache
def rulings() -> Select[int, str, str, date, int]:
    """Return the rulings on clinics with the voice of who ruled, in the order in which they were entered."""
    return (
        select(
            stands_for().label("clinic_id"),
            StoredRuling.criterion,
            StoredRuling.kind,
            StoredRuling.in_force_on,
            voice(Account).label("voice_id"),
        )
        .join(Account, Account.id == StoredRuling.by_id)
        .join(Clinic, Clinic.id == StoredRuling.clinic_id)
        .where(_is_of_these())
        .order_by(StoredRuling.id)
    )


def of_counting_reviews(statement: Any) -> Any:
    """Narrow a statement to the accepted answers, yes or no, of approved reviews; their newest decision counts."""
    newer = called("of_counting_reviews_newer", AnswerDecision)
    is_newest = ~(
        select(newer.decision_id)
        .where(newer.answer_id == AnswerDecision.answer_id, newer.decision_id > AnswerDecision.decision_id)
        .exists()
    )
    return (
        statement.select_from(Review)
        .join(Account, Account.id == Review.author_id)
        .join(ReviewAnswer, ReviewAnswer.review_id == Review.id)
        .join(AnswerDecision, and_(AnswerDecision.answer_id == ReviewAnswer.id, is_newest))
        .where(Review.status.in_(COUNTING))
        .where(ReviewAnswer.value.in_((Value.YES, Value.NO)), AnswerDecision.outcome != Outcome.DROPPED)
    )


def listings_of(clinic_id: int) -> Select[int]:
    """The ids of a clinic and of the listings that were merged into it."""
    return select(Clinic.id).where(or_(Clinic.id == clinic_id, Clinic.successor_id == clinic_id))


def stands_for(listing: Any = Clinic) -> ColumnElement[int]:
    """The listing that stands for `listing`: itself where it was not merged into another."""
    return func.coalesce(listing.successor_id, listing.id)


def all_listings_of(clinic_id: int) -> Select[int]:
    """The ids of a clinic, of the listing it was merged into, and of all that were merged into either."""
    meant = called("all_listings_of_meant", Clinic)
    return select(Clinic.id).join(meant, are_listings_of_one(Clinic, meant)).where(meant.id == clinic_id)


def are_listings_of_one(listing: Any, other: Any) -> ColumnElement[bool]:
    """Both are the same clinic, by whichever listing."""
    # Each by itself, so that each is looked up in its index.
    return or_(
        listing.id == other.id,
        listing.successor_id == other.id,
        listing.id == other.successor_id,
        listing.successor_id == other.successor_id,
    )


def are_one(listing: Any, other: Any) -> ColumnElement[bool]:
    """Who is tied to the one is tied to the other: the same clinic by whichever listing, or the same chain."""
    return or_(are_listings_of_one(listing, other), listing.organisation_id == other.organisation_id)


def _is_of_these() -> ColumnElement[bool]:
    # Not by stands_for(), which no index knows.
    own = and_(Clinic.id.in_(_CLINIC_IDS), Clinic.successor_id.is_(None))
    return or_(own, Clinic.successor_id.in_(_CLINIC_IDS))


def voice(account: Any) -> ColumnElement[int]:
    """The account that stands for the group of `account`: itself where it is linked to none."""
    return func.coalesce(account.linked_to_id, account.id)
