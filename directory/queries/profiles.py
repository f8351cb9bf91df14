"""Reads the public entry of one clinic."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from directory.domain.profile import ListingStatus
from directory.models import Clinic
from directory.queries.abuse import held_until


def published(public_id: str, today: date) -> Select[Clinic, date | None]:
    """The published clinic with this public id, its chain and the sources of its facts; two statements in all.

    The day until which its new reviews are held stands beside it; None where they are not.
    """
    return (
        select(Clinic, held_until(today).label("held_until"))
        .where(Clinic.public_id == public_id, Clinic.status == ListingStatus.PUBLISHED)
        .options(joinedload(Clinic.organisation), selectinload(Clinic.facts))
    )


def published_id(public_id: str) -> Select[int]:
    """The id of the published clinic with this public id."""
    return select(Clinic.id).where(Clinic.public_id == public_id, Clinic.status == ListingStatus.PUBLISHED)
