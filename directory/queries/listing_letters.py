"""Reads of whom letters about a listing go to."""

from sqlalchemy import Select, select

from directory.domain.moderation import STOOD_BY
from directory.models import Account, Review


def address_of(account_id: int) -> Select[str | None, str]:
    """The e-mail address of an account, and its language."""
    return select(Account.email, Account.language).where(Account.id == account_id)


def reviewers(clinic_id: int, but: int) -> Select[str | None, str]:
    """The addresses and languages of those who stand by a review of a clinic, each once; not of the account `but`."""
    return (
        select(Account.email, Account.language)
        .join(Review, Review.author_id == Account.id)
        .where(Review.clinic_id == clinic_id, Review.status.in_(STOOD_BY), Account.id != but)
        .group_by(Account.id, Account.email, Account.language)
        .order_by(Account.id)
    )
