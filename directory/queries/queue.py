"""Reads of the reviews and suggestions that wait for a decision, for those who may take it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from directory.domain.checklist import Value
from directory.domain.moderation import DECISIONS, ReviewStatus
from directory.domain.revisions import REVISION_DECISIONS, WAITING, ListingAction, RevisionStatus
from directory.domain.ties import TieKind
from directory.domain.waiting import ItemKind, Place
from directory.models import Account, Clinic, Decision, ListingDecision, Review, ReviewAnswer, Revision, Tie
from directory.queries.abuse import held_until
from directory.queries.aliases import called
from directory.queries.dossiers import are_one, voice
from directory.queries.returned import came_back_to

#: What is decided on; both tables have the columns by which something waits and is held.
Decided = type[Review] | type[Revision]
MODELS: Mapping[ItemKind, Decided] = {ItemKind.LISTING: Revision, ItemKind.REVIEW: Review}
_WAITING: Mapping[Decided, Sequence[str]] = {Review: (ReviewStatus.SUBMITTED,), Revision: WAITING}
_NUMBER_OF_ANSWERS = (
    select(func.count())
    .where(ReviewAnswer.review_id == Review.id, ReviewAnswer.value.in_((Value.YES, Value.NO)))
    .scalar_subquery()
)


def listed(for_voice: int, today: date, *, is_waiting: bool, limit: int) -> Select[Any]:
    """The reviews that wait, or else that are with their authors, and that somebody may decide; the longest first.

    A row has the review as `item`, its clinic, the author's public id, the number of answers that say yes or no,
    the day until which reviews of the clinic are held, and whether it came back to whom had asked for changes.
    """
    number, held = _NUMBER_OF_ANSWERS.label("answers"), held_until(today).label("held_until")
    found = waits(Review) if is_waiting else Review.status == ReviewStatus.CHANGES_REQUESTED
    back = came_back_to(for_voice).label("came_back")
    return _in_turn(Review, for_voice, today, limit).add_columns(number, held, back).where(found)


def listed_suggestions(for_voice: int, today: date, *, is_waiting: bool, limit: int) -> Select[Any]:
    """The suggestions that wait, or else that are with their authors, in the same way: `item`, clinic and author."""
    found = waits(Revision) if is_waiting else Revision.status == RevisionStatus.CHANGES_REQUESTED
    return _in_turn(Revision, for_voice, today, limit).where(found)


def _in_turn(model: Decided, for_voice: int, today: date, limit: int) -> Select[Any]:
    found: Any = model
    statement: Select[Any] = (
        select(found, Clinic, Account.public_id.label("author"))
        .join(Clinic, Clinic.id == found.clinic_id)
        .join(Account, Account.id == found.author_id)
        .where(may_decide(for_voice, today, model))
        .order_by(found.submitted_at, found.id)
        .limit(limit)
    )
    return statement


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


def suggestions_decided_by(account_id: int, since: datetime, limit: int) -> Select[Any]:
    """The decisions on suggestions that an account took after a moment, the newest first, in the same way."""
    actions = (*REVISION_DECISIONS, ListingAction.APPROVE_ONCE)
    columns: Any = select(
        Revision, Clinic, Account.public_id.label("author"), ListingDecision.action, ListingDecision.at
    )
    statement: Select[Any] = (
        columns.select_from(ListingDecision)
        .join(Revision, Revision.id == ListingDecision.revision_id)
        .join(Clinic, Clinic.id == Revision.clinic_id)
        .join(Account, Account.id == Revision.author_id)
        .where(ListingDecision.actor_id == account_id, ListingDecision.action.in_(actions), ListingDecision.at > since)
        .order_by(ListingDecision.id.desc())
        .limit(limit)
    )
    return statement


def place(public_id: str) -> Select[datetime | None, str, int]:
    """Where what has this public id stands in the order of the queue: since, kind, id."""
    columns = [
        select(model.submitted_at.label("since"), literal(kind.value).label("kind"), model.id, model.public_id)
        for kind, model in MODELS.items()
    ]
    either = union_all(*columns).subquery()
    return select(either.c.since, either.c.kind, either.c.id).where(either.c.public_id == public_id)


def follows(model: Decided, here: Place) -> ColumnElement[bool]:
    """What of one kind stands behind a place in the queue."""
    kind = next(kind for kind, each in MODELS.items() if each is model)
    if kind != here.kind:
        return model.submitted_at >= here.since if kind > here.kind else model.submitted_at > here.since
    columns: Any = tuple_(model.submitted_at, model.id)
    behind: ColumnElement[bool] = columns > (here.since, here.id)
    return behind


def handed_in_before(model: Decided, moment: datetime) -> ColumnElement[bool]:
    """What was handed in before a moment."""
    return model.submitted_at < moment


def numbers(for_voice: int, today: date, overdue: datetime) -> CompoundSelect[str, int, int, int]:
    """How many of each kind wait, how many of them somebody may decide, and how many of these since before a moment."""
    return union_all(*(_numbered(kind, for_voice, today, overdue) for kind in MODELS))


def _numbered(kind: ItemKind, for_voice: int, today: date, overdue: datetime) -> Select[str, int, int, int]:
    model = MODELS[kind]
    theirs = may_decide(for_voice, today, model)
    return select(
        literal(kind.value).label("kind"),
        func.count().label("all"),
        func.count().filter(theirs).label("open"),
        func.count().filter(theirs, handed_in_before(model, overdue)).label("overdue"),
    ).where(waits(model))


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
    asked = called("declarations_asked", Account)
    about = called("declarations_about", Clinic)
    meant = called("declarations_meant", Clinic)
    return (
        select(Tie.kind, Tie.declared_at, Tie.ends_on, about.id.label("clinic_id"), about.name.label("clinic"))
        .join(Account, Account.id == Tie.account_id)
        .join(asked, voice(asked) == voice(Account))
        .join(about, about.id == Tie.clinic_id)
        .join(meant, are_one(meant, about))
        .where(asked.id == author_id, meant.id == clinic_id)
        .order_by(Tie.id.desc())
    )


def may_decide(for_voice: int, today: date, model: Decided = Review) -> ColumnElement[bool]:
    """What domain.access says of deciding, for all of a kind at once: not one's own, and no tie that holds.

    Of a suggestion that two must agree to, not as both of them.
    """
    own = called("may_decide_own", Account)
    holder = called("may_decide_holder", Account)
    about = called("may_decide_about", Clinic)
    meant = called("may_decide_meant", Clinic)
    # Neither looks at the item, so that each is read once, however many wait.
    tied = (
        select(meant.id)
        .select_from(Tie)
        .join(holder, holder.id == Tie.account_id)
        .join(about, about.id == Tie.clinic_id)
        .join(meant, are_one(meant, about))
        .where(voice(holder) == for_voice, Tie.kind != TieKind.NONE, or_(Tie.ends_on.is_(None), Tie.ends_on > today))
    )
    theirs = select(own.id).where(or_(own.id == for_voice, own.linked_to_id == for_voice))
    is_theirs = and_(model.author_id.not_in(theirs), model.clinic_id.not_in(tied))
    if model is Review:
        return is_theirs
    target: ColumnElement[bool] = or_(Revision.target_id.is_(None), Revision.target_id.not_in(tied))
    return and_(is_theirs, target, ~agreed_by(Revision.id, Revision.version, for_voice).exists())


def agreed_by(revision_id: Any, version: Any, for_voice: int) -> Select[int]:
    """The entry by which a voice agreed to a suggestion that stands at that version, as the first of two."""
    by = called("agreed_by_by", Account)
    return (
        select(ListingDecision.id)
        .join(by, by.id == ListingDecision.actor_id)
        .where(ListingDecision.revision_id == revision_id, ListingDecision.seen_version == version - 1)
        .where(ListingDecision.action == ListingAction.APPROVE_ONCE, voice(by) == for_voice)
    )


def waits(model: Decided) -> ColumnElement[bool]:
    """It waits; written as words and not as values, so that a plan can use the index of what waits."""
    found: Any = model
    return or_(*(found.status == literal_column(f"'{status}'") for status in _WAITING[model]))
