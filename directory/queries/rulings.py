"""Reads that tell who has a part in a sign of a clinic: by an answer, or by a ruling."""

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from directory.domain.checklist import Value
from directory.domain.moderation import STOOD_BY
from directory.models import Account, Review, ReviewAnswer, StoredRuling
from directory.queries.dossiers import voice


def voices_on(clinic_id: int, criterion: str) -> Select[int]:
    """The accounts that stand for those who answered yes or no in a review they stand by, accepted or not."""
    return (
        select(voice(Account))
        .join(Review, Review.author_id == Account.id)
        .join(ReviewAnswer, ReviewAnswer.review_id == Review.id)
        .where(Review.clinic_id == clinic_id, Review.status.in_(STOOD_BY))
        .where(ReviewAnswer.criterion == criterion, ReviewAnswer.value.in_((Value.YES, Value.NO)))
    )


def voices_of(ruling: StoredRuling) -> Select[int]:
    """The accounts that stand for those who ruled the same of the same sign for the same day."""
    return (
        select(voice(Account))
        .join(StoredRuling, StoredRuling.by_id == Account.id)
        .where(StoredRuling.clinic_id == ruling.clinic_id, StoredRuling.criterion == ruling.criterion)
        .where(StoredRuling.kind == ruling.kind, StoredRuling.in_force_on == ruling.in_force_on)
    )


def ruled_on(clinic_id: int, account_id: int) -> Select[str]:
    """The signs of a clinic on which the account, or one that speaks with it, has ruled."""
    asked = aliased(Account)
    return (
        select(StoredRuling.criterion)
        .join(Account, Account.id == StoredRuling.by_id)
        .join(asked, voice(asked) == voice(Account))
        .where(StoredRuling.clinic_id == clinic_id, asked.id == account_id)
    )
