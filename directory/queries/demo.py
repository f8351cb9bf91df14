"""Reads for the demonstration: its accounts, and its clinics of which nothing has been told yet."""

from collections.abc import Iterable

from sqlalchemy import Select, select

from directory.domain.profile import ListingStatus
from directory.models import Account, Clinic, Review


def accounts(public_ids: Iterable[str]) -> Select[str, int]:
    """Public id and id of the accounts that exist; in no order."""
    return select(Account.public_id, Account.id).where(Account.public_id.in_(public_ids))


def untold(public_ids: Iterable[str]) -> Select[int, str, str | None]:
    """Id, public id and website of the published clinics without any review, in the order of ids."""
    has_review = select(Review.id).where(Review.clinic_id == Clinic.id).exists()
    return (
        select(Clinic.id, Clinic.public_id, Clinic.website)
        .where(Clinic.public_id.in_(public_ids), Clinic.status == ListingStatus.PUBLISHED, ~has_review)
        .order_by(Clinic.id)
    )
