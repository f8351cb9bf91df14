"""Reads about rulings on signs: who has a part in one, what was ruled and told, and which signs wait for one."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, func, or_, select

from directory.domain.checklist import Value
from directory.domain.findings import Verdict
from directory.domain.moderation import STOOD_BY
from directory.domain.profile import ListingStatus
from directory.domain.ties import TieKind
from directory.models import Account, Clinic, Decision, Notice, Review, ReviewAnswer, StoredRuling, Tie
from directory.queries.aliases import called
from directory.queries.dossiers import are_one, listings_of, voice

#: What a sign can be while moderators may still confirm it, as it is written in a clinic's row.
_OPEN = tuple(str(list(Verdict).index(each)) for each in (Verdict.DISPUTED, Verdict.SUSPECTED))


def voices_on(clinic_id: int, criterion: str) -> Select[int]:
    """The accounts that stand for those who answered yes or no in a review they stand by, accepted or not."""
    return (
        select(voice(Account))
        .join(Review, Review.author_id == Account.id)
        .join(ReviewAnswer, ReviewAnswer.review_id == Review.id)
        .where(Review.clinic_id.in_(listings_of(clinic_id)), Review.status.in_(STOOD_BY))
        .where(ReviewAnswer.criterion == criterion, ReviewAnswer.value.in_((Value.YES, Value.NO)))
    )


def voices_of(ruling: StoredRuling) -> Select[int]:
    """The accounts that stand for those who ruled the same of the same sign for the same day."""
    return (
        select(voice(Account))
        .join(StoredRuling, StoredRuling.by_id == Account.id)
        .where(StoredRuling.clinic_id.in_(listings_of(ruling.clinic_id)), StoredRuling.criterion == ruling.criterion)
        .where(StoredRuling.kind == ruling.kind, StoredRuling.in_force_on == ruling.in_force_on)
    )


def ruled_on(clinic_id: int, account_id: int) -> Select[str]:
    """The signs of a clinic on which the account, or one that speaks with it, has ruled."""
    asked = called("ruled_on_asked", Account)
    return (
        select(StoredRuling.criterion)
        .join(Account, Account.id == StoredRuling.by_id)
        .join(asked, voice(asked) == voice(Account))
        .where(StoredRuling.clinic_id.in_(listings_of(clinic_id)), asked.id == account_id)
    )


def notices(clinic_id: int, criterion: str) -> Select[Notice]:
    """When and how a clinic was told of a sign, the newest first."""
    return (
        select(Notice)
        .where(Notice.clinic_id == clinic_id, Notice.criterion == criterion)
        .order_by(Notice.told_on.desc(), Notice.id.desc())
    )


def history(clinic_id: int, criterion: str) -> Select[StoredRuling, str, int]:
    """The rulings on a sign of a clinic in the order of entry, each with its words and the voice of who ruled."""
    return (
        select(StoredRuling, Decision.reason_text, voice(Account).label("voice"))
        .join(Decision, Decision.ruling_id == StoredRuling.id)
        .join(Account, Account.id == StoredRuling.by_id)
        .where(StoredRuling.clinic_id.in_(listings_of(clinic_id)), StoredRuling.criterion == criterion)
        .order_by(StoredRuling.id)
    )


def raised(places: Iterable[int], for_voice: int, today: date, *, after: str, limit: int) -> Select[Clinic]:
    """The published clinics that are suspected or disputed at one of the given places of `signs`, in order of entry.

    Those are left out to which the voice has a tie; those after the one named, or from the first.
    """
    last = called("raised_last", Clinic)
    holder = called("raised_holder", Account)
    about = called("raised_about", Clinic)
    tied = (
        select(Tie.id)
        .join(holder, holder.id == Tie.account_id)
        .join(about, about.id == Tie.clinic_id)
        .where(voice(holder) == for_voice, Tie.kind != TieKind.NONE, or_(Tie.ends_on.is_(None), Tie.ends_on > today))
        .where(are_one(about, Clinic))
    )
    named = select(last.id).where(last.public_id == after).scalar_subquery()
    digits = [func.substr(Clinic.signs, place + 1, 1).in_(_OPEN) for place in places]
    return (
        select(Clinic)
        .where(Clinic.status == ListingStatus.PUBLISHED, or_(*digits), ~tied.exists())
        .where(Clinic.id > func.coalesce(named, 0))
        .order_by(Clinic.id)
        .limit(limit)
    )
