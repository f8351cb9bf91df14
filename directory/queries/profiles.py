"""Reads the public entry of one clinic."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from directory.domain.profile import ListingStatus
from directory.models import Clinic


def published(public_id: str) -> Select[Clinic]:
    """The published clinic with this public id, its chain and the sources of its facts; two statements in all."""
    return (
        select(Clinic)
        .where(Clinic.public_id == public_id, Clinic.status == ListingStatus.PUBLISHED)
        .options(joinedload(Clinic.organisation), selectinload(Clinic.facts))
    )


def published_id(public_id: str) -> Select[int]:
    """The id of the published clinic with this public id."""
    return select(Clinic.id).where(Clinic.public_id == public_id, Clinic.status == ListingStatus.PUBLISHED)
