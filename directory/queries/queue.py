"""Reads of the reviews that wait for a decision, for those who may take it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from directory.domain.checklist import Value
from directory.domain.moderation import ReviewStatus
from directory.domain.ties import TieKind
from directory.models import Account, Clinic, Review, ReviewAnswer, Tie
from directory.queries.dossiers import voice

_NUMBER_OF_ANSWERS = (
    select(func.count())
    .where(ReviewAnswer.review_id == Review.id, ReviewAnswer.value.in_((Value.YES, Value.NO)))
    .scalar_subquery()
)


def waiting(for_voice: int, today: date, *, after: str, limit: int) -> Select[Any]:
    """The reviews that somebody may decide, handed in longest ago first; those after the one named, or from the first.

    A row has the review, its clinic, the author's public id and the number of answers that say yes or no.
    """
    last = aliased(Review)
    named = select(last.id).where(last.public_id == after)
    is_after = or_(
        Review.submitted_at > last.submitted_at, and_(Review.submitted_at == last.submitted_at, Review.id > last.id)
    )
    columns = select(Review, Clinic, Account.public_id.label("author"), _NUMBER_OF_ANSWERS.label("answers"))
    return (
        _waiting(columns)
        .where(_may_decide(for_voice, today))
        .where(or_(~named.exists(), named.where(is_after).exists()))
        .order_by(Review.submitted_at, Review.id)
        .limit(limit)
    )


def numbers(for_voice: int, today: date) -> Select[int, int]:
    """How many reviews wait, and how many of them somebody may decide."""
    may_decide = func.count().filter(_may_decide(for_voice, today))
    return _waiting(select(func.count().label("all"), may_decide.label("open")))


def handed_in(public_id: str) -> Select[Review, Clinic, str]:
    """The review with this public id where it was handed in, with its clinic and the author's public id."""
    return (
        select(Review, Clinic, Account.public_id.label("author"))
        .join(Clinic, Clinic.id == Review.clinic_id)
        .join(Account, Account.id == Review.author_id)
        .where(Review.public_id == public_id, Review.submitted_at.is_not(None), Review.status != ReviewStatus.DRAFT)
    )


def declarations(author_id: int, clinic_id: int) -> Select[str, datetime, date | None, int, str]:
    """What an author, by any account linked to theirs, declared about a clinic and its chain; the newest first."""
    asked, about, meant = aliased(Account), aliased(Clinic), aliased(Clinic)
    return (
        select(Tie.kind, Tie.declared_at, Tie.ends_on, about.id.label("clinic_id"), about.name.label("clinic"))
        .join(Account, Account.id == Tie.account_id)
        .join(asked, voice(asked) == voice(Account))
        .join(about, about.id == Tie.clinic_id)
        .join(meant, or_(meant.id == about.id, meant.organisation_id == about.organisation_id))
        .where(asked.id == author_id, meant.id == clinic_id)
        .order_by(Tie.id.desc())
    )


def _waiting(statement: Any) -> Any:
    return (
        statement.select_from(Review)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .join(Account, Account.id == Review.author_id)
        .where(Review.status == ReviewStatus.SUBMITTED)
    )


def _may_decide(for_voice: int, today: date) -> ColumnElement[bool]:
    """What domain.access says of deciding, for all reviews at once: not one's own, and no tie that holds."""
    holder, about = aliased(Account), aliased(Clinic)
    tied = (
        select(Tie.id)
        .join(holder, holder.id == Tie.account_id)
        .join(about, about.id == Tie.clinic_id)
        .where(voice(holder) == for_voice, Tie.kind != TieKind.NONE, or_(Tie.ends_on.is_(None), Tie.ends_on > today))
        .where(or_(about.id == Clinic.id, about.organisation_id == Clinic.organisation_id))
    )
    return and_(voice(Account) != for_voice, ~tied.exists())
