"""Reads of the reviews that wait for a decision, for those who may take it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, tuple_
from sqlalchemy.orm import aliased

from directory.domain.checklist import Value
from directory.domain.moderation import DECISIONS, ReviewStatus
from directory.domain.ties import TieKind
from directory.models import Account, Clinic, Decision, Review, ReviewAnswer, Tie
from directory.queries.abuse import held_until
from directory.queries.dossiers import voice

_NUMBER_OF_ANSWERS = (
    select(func.count())
    .where(ReviewAnswer.review_id == Review.id, ReviewAnswer.value.in_((Value.YES, Value.NO)))
    .scalar_subquery()
)


def listed(for_voice: int, today: date, status: ReviewStatus, limit: int) -> Select[Any]:
    """The reviews of a status that somebody may decide, handed in longest ago first.

    A row has the review, its clinic, the author's public id, the number of answers that say yes or no, and the day
    until which reviews of the clinic are held.
    """
    number, held = _NUMBER_OF_ANSWERS.label("answers"), held_until(today).label("held_until")
    statement: Select[Any] = _of(status, select(Review, Clinic, Account.public_id.label("author"), number, held))
    return statement.where(may_decide(for_voice, today)).order_by(Review.submitted_at, Review.id).limit(limit)


def decided_by(account_id: int, since: datetime, limit: int) -> Select[Any]:
    """The decisions on reviews that an account took after a moment, the newest first; in the columns of listed().

    A row has what was done and when besides.
    """
    number = _NUMBER_OF_ANSWERS.label("answers")
    columns = select(Review, Clinic, Account.public_id.label("author"), number, Decision.action, Decision.at)
    return (
        columns.select_from(Decision)
        .join(Review, Review.id == Decision.review_id)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .join(Account, Account.id == Review.author_id)
        .where(Decision.actor_id == account_id, Decision.action.in_(DECISIONS), Decision.at > since)
        .order_by(Decision.id.desc())
        .limit(limit)
    )


def place(public_id: str) -> Select[datetime | None, int]:
    """Where a review stands in the order of the queue."""
    return select(Review.submitted_at, Review.id).where(Review.public_id == public_id)


def follows(submitted_at: datetime, review_id: int) -> ColumnElement[bool]:
    """What stands behind a place in the queue."""
    here: Any = tuple_(Review.submitted_at, Review.id)
    behind: ColumnElement[bool] = here > (submitted_at, review_id)
    return behind


def handed_in_before(moment: datetime) -> ColumnElement[bool]:
    """What was handed in before a moment."""
    return Review.submitted_at < moment


def numbers(for_voice: int, today: date, overdue: datetime) -> Select[int, int, int]:
    """How many reviews wait, how many of them somebody may decide, and how many of these since before a moment."""
    theirs = may_decide(for_voice, today)
    return select(
        func.count().label("all"),
        func.count().filter(theirs).label("open"),
        func.count().filter(theirs, Review.submitted_at < overdue).label("overdue"),
    ).where(is_of(ReviewStatus.SUBMITTED))


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


def may_decide(for_voice: int, today: date) -> ColumnElement[bool]:
    """What domain.access says of deciding, for all reviews at once: not one's own, and no tie that holds."""
    own, holder, about, meant = aliased(Account), aliased(Account), aliased(Clinic), aliased(Clinic)
    # Neither looks at the review, so that each is read once, however many reviews wait.
    tied = (
        select(meant.id)
        .select_from(Tie)
        .join(holder, holder.id == Tie.account_id)
        .join(about, about.id == Tie.clinic_id)
        .join(meant, or_(meant.id == about.id, meant.organisation_id == about.organisation_id))
        .where(voice(holder) == for_voice, Tie.kind != TieKind.NONE, or_(Tie.ends_on.is_(None), Tie.ends_on > today))
    )
    theirs = select(own.id).where(or_(own.id == for_voice, own.linked_to_id == for_voice))
    return and_(Review.author_id.not_in(theirs), Review.clinic_id.not_in(tied))


def _of(status: ReviewStatus, statement: Any) -> Any:
    return (
        statement.select_from(Review)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .join(Account, Account.id == Review.author_id)
        .where(is_of(status))
    )


def is_of(status: ReviewStatus) -> ColumnElement[bool]:
    """It stands there; written as a word and not as a value, so that a plan can use the index of what waits."""
    return Review.status == literal_column(f"'{status.value}'")
