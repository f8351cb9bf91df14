"""Reads of what may come after an approval: votes to make void, wishes to take back, changes that never came."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Update, func, select, update

from directory.domain.moderation import COUNTING, Action, ReviewStatus
from directory.models import Account, Clinic, Decision, Review, VoidVote, Wish
from directory.queries.aliases import called
from directory.queries.dossiers import all_listings_of, voice
from directory.queries.queue import may_decide


def votes(review_id: int) -> Select[VoidVote, int]:
    """The votes to make a review void, the oldest first, each with the voice of who voted; the author's own count not.

    Whoever voted may have been linked to the author since.
    """
    author = called("votes_author", Account)
    owner = select(Review.author_id).where(Review.id == review_id).scalar_subquery()
    own = select(voice(author)).where(author.id == owner).scalar_subquery()
    return (
        select(VoidVote, voice(Account).label("voice"))
        .join(Account, Account.id == VoidVote.by_id)
        .where(VoidVote.review_id == review_id, voice(Account) != own)
        .order_by(VoidVote.id)
    )


def open_wish(review_id: int) -> Select[Wish]:
    """The wish to have a review back that was neither done nor taken back; there is at most one."""
    return select(Wish).where(Wish.review_id == review_id, Wish.ended_at.is_(None))


def wish_ended(review_id: int, at: datetime) -> Update:
    """End the open wish for a review, where there is one."""
    return update(Wish).where(Wish.review_id == review_id, Wish.ended_at.is_(None)).values(ended_at=at)


def unchanged_since(moment: datetime) -> Select[Review]:
    """The reviews for which changes were asked before a moment, and that are as they were."""
    asked = Decision.review_id == Review.id, Decision.seen_version == Review.version - 1
    return (
        select(Review)
        .join(Decision, asked[0] & asked[1])
        .where(Review.status == ReviewStatus.CHANGES_REQUESTED, Decision.action == Action.REQUEST_CHANGES)
        .where(Decision.at < moment)
        .order_by(Review.id)
    )


def wished(for_voice: int, today: date) -> Select[Any]:
    """The approved reviews whose authors wish them back and on which somebody may decide, the oldest wish first.

    A row has the review, its clinic, the author's public id, and when that was asked.
    """
    columns = select(Review, Clinic, Account.public_id.label("author"), Wish.at.label("since"))
    statement: Select[Any] = (
        _of_those(columns, for_voice, today)
        .join(Wish, Wish.review_id == Review.id)
        .where(Wish.ended_at.is_(None))
        .order_by(Wish.at, Wish.id)
    )
    return statement


def voted_on(for_voice: int, today: date) -> Select[Any]:
    """The approved reviews that somebody voted to make void, in the columns of wished(), the oldest vote first.

    A row says besides whether one of the votes is of that voice.
    """
    voter, mine = called("voted_on_voter", Account), called("voted_on_mine", VoidVote)
    own = (
        select(mine.id)
        .join(voter, voter.id == mine.by_id)
        .where(mine.review_id == Review.id, voice(voter) == for_voice)
        .exists()
    )
    first = select(VoidVote.review_id, func.min(VoidVote.at).label("at")).group_by(VoidVote.review_id).subquery()
    columns = select(Review, Clinic, Account.public_id.label("author"), first.c.at.label("since"), own.label("is_mine"))
    statement: Select[Any] = (
        _of_those(columns, for_voice, today).join(first, first.c.review_id == Review.id).order_by(first.c.at, Review.id)
    )
    return statement


def of_clinic(clinic_id: int, limit: int) -> Select[Any]:
    """The reviews of a clinic, by whichever listing, that were handed in, the newest first; with author and voice."""
    statement: Any = (
        select(Review, Account.public_id.label("author"), voice(Account).label("voice"))
        .join(Account, Account.id == Review.author_id)
        .where(Review.clinic_id.in_(all_listings_of(clinic_id)))
        .where(Review.status != ReviewStatus.DRAFT, Review.submitted_at.is_not(None))
        .order_by(Review.submitted_at.desc(), Review.id.desc())
        .limit(limit)
    )
    found: Select[Any] = statement
    return found


def _of_those(statement: Any, for_voice: int, today: date) -> Any:
    return (
        statement.select_from(Review)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .join(Account, Account.id == Review.author_id)
        .where(Review.status.in_(COUNTING), may_decide(for_voice, today))
    )
