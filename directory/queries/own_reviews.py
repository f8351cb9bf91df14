"""Reads of reviews for the person who wrote them."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select

from directory.models import Clinic, Decision, Review, ReviewDraft
from directory.queries.aliases import called

_DECIDED_AT = select(func.max(Decision.at)).where(Decision.review_id == Review.id).scalar_subquery()


def of_author(author_id: int, *, after: str, limit: int) -> Select[Review, Clinic, datetime, datetime]:
    """An author's reviews with their clinics, the newest first; those after the one named, or from the first."""
    last = called("of_author_last", Review)
    named = select(last.id).where(last.public_id == after)
    return (
        select(Review, Clinic, ReviewDraft.saved_at, _DECIDED_AT.label("decided_at"))
        .join(Clinic, Clinic.id == Review.clinic_id)
        .outerjoin(ReviewDraft, ReviewDraft.review_id == Review.id)
        .where(Review.author_id == author_id)
        .where(or_(~named.exists(), named.where(Review.id < last.id).exists()))
        .order_by(Review.id.desc())
        .limit(limit)
    )


def by_public_id(public_id: str) -> Select[Review, Clinic, datetime]:
    """The review with this public id, whoever wrote it, with its clinic and the moment its draft was saved."""
    return (
        select(Review, Clinic, ReviewDraft.saved_at)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .outerjoin(ReviewDraft, ReviewDraft.review_id == Review.id)
        .where(Review.public_id == public_id)
    )
