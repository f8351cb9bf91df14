"""Reads of what tells a brigade: who handed in how much, what is held, whose words are the same."""

from datetime import date, datetime

from sqlalchemy import ScalarSelect, Select, func, select

from directory.domain.moderation import STOOD_BY, Action, ReviewStatus
from directory.models import Account, AnswerEvidence, Clinic, Decision, Hold, LinkProposal, Review, ReviewAnswer
from directory.queries.aliases import called
from directory.queries.dossiers import all_listings_of, are_listings_of_one, voice

#: What somebody's voice is heard by: what a link or the end of one may change the score through.
_HEARD_BY = (Action.SUBMIT, Action.RECHECK, Action.CONFIRM, Action.REMEDY)


def handed_in_by(author_id: int, since: datetime) -> Select[datetime, int, str]:
    """When an account handed reviews in for the first time, after a moment; the clinic of each and how it stands."""
    return (
        select(Decision.at, Review.clinic_id, Review.status)
        .join(Decision, Decision.review_id == Review.id)
        .where(Review.author_id == author_id, Decision.at > since)
        .where(Decision.action == Action.SUBMIT, Decision.from_status == ReviewStatus.DRAFT)
        .order_by(Decision.id)
    )


def handed_in_about(clinic_id: int, since: datetime) -> Select[datetime, int, datetime]:
    """When reviews of a clinic were handed in for the first time, after a moment, by whom, and their account's age.

    By whichever of its listings, as everything here that is about a clinic.
    """
    return (
        select(Decision.at, Decision.actor_id, Account.created_at)
        .join(Account, Account.id == Decision.actor_id)
        .where(Decision.clinic_id.in_(all_listings_of(clinic_id)), Decision.at > since)
        .where(Decision.action == Action.SUBMIT, Decision.from_status == ReviewStatus.DRAFT)
        .order_by(Decision.id)
    )


def holds_since(clinic_id: int, day: date) -> Select[Hold]:
    """The holds of a clinic that were to last until a day or longer, in force or not."""
    return select(Hold).where(Hold.clinic_id.in_(all_listings_of(clinic_id)), Hold.until >= day)


def live_holds(clinic_id: int, today: date) -> Select[Hold]:
    """The holds of a clinic that are in force, the longest first: one, or one for each listing that was merged."""
    of_clinic = Hold.clinic_id.in_(all_listings_of(clinic_id))
    in_force = select(Hold).where(of_clinic, Hold.ended_at.is_(None), Hold.until > today)
    return in_force.order_by(Hold.until.desc(), Hold.id)


def held_until(today: date) -> ScalarSelect[date]:
    """The day until which reviews of the clinic of a statement are held, as a column of it; None where they are not."""
    held = called("held_until_held", Clinic)
    return (
        select(func.max(Hold.until))
        .join(held, held.id == Hold.clinic_id)
        .where(are_listings_of_one(held, Clinic), Hold.ended_at.is_(None), Hold.until > today)
        .correlate(Clinic)
        .scalar_subquery()
    )


def waiting_voices(clinic_id: int) -> Select[int]:
    """The accounts that stand for the authors whose reviews of a clinic wait; each once."""
    return (
        select(voice(Account))
        .join(Review, Review.author_id == Account.id)
        .where(Review.clinic_id.in_(all_listings_of(clinic_id)), Review.status == ReviewStatus.SUBMITTED)
        .distinct()
    )


def echoed(review_id: int) -> Select[str]:
    """The criteria of a review whose words stand alike in a review by another voice, of any clinic; in no order."""
    own = called("echoed_own", Review)
    owner = called("echoed_owner", Account)
    answer = called("echoed_answer", ReviewAnswer)
    words = called("echoed_words", AnswerEvidence)
    return (
        select(answer.criterion)
        .distinct()
        .join(own, own.id == answer.review_id)
        .join(owner, owner.id == own.author_id)
        .join(words, words.answer_id == answer.id)
        .join(AnswerEvidence, AnswerEvidence.fingerprint == words.fingerprint)
        .join(ReviewAnswer, ReviewAnswer.id == AnswerEvidence.answer_id)
        .join(Review, Review.id == ReviewAnswer.review_id)
        .join(Account, Account.id == Review.author_id)
        .where(own.id == review_id, Review.status.in_(STOOD_BY), voice(Account) != voice(owner))
    )


def group(voice_id: int) -> Select[Account]:
    """The accounts that speak with one voice, the one that stands for them first."""
    return select(Account).where(voice(Account) == voice_id).order_by(Account.linked_to_id.is_not(None), Account.id)


def heard_of(account_ids: list[int]) -> Select[int]:
    """The clinics about which any of these accounts said something that may count, in order."""
    return (
        select(Decision.clinic_id)
        .distinct()
        .where(Decision.actor_id.in_(account_ids), Decision.action.in_(_HEARD_BY))
        .order_by(Decision.clinic_id)
    )


def proposal(account_id: int, other_id: int, by_id: int) -> Select[LinkProposal]:
    """What a moderator proposed of two accounts; there is at most one."""
    return select(LinkProposal).where(
        LinkProposal.account_id == account_id, LinkProposal.other_id == other_id, LinkProposal.by_id == by_id
    )


def open_proposals() -> Select[LinkProposal, str, str]:
    """The proposals of which the two accounts are not linked yet, the oldest first; with the accounts' public ids."""
    first, second = called("open_proposals_first", Account), called("open_proposals_second", Account)
    return (
        select(LinkProposal, first.public_id.label("account"), second.public_id.label("other"))
        .join(first, first.id == LinkProposal.account_id)
        .join(second, second.id == LinkProposal.other_id)
        .where(voice(first) != voice(second))
        .order_by(LinkProposal.id)
    )


def account(public_id: str) -> Select[Account]:
    """The account with this public id."""
    return select(Account).where(Account.public_id == public_id)
