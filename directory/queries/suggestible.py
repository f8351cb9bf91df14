"""Reads a listing about which something can be suggested."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from directory.domain.profile import ListingStatus
from directory.models import Clinic

#: What everybody knows of, and may therefore say something about.
_KNOWN = (ListingStatus.PUBLISHED, ListingStatus.CLOSED)


def known(public_id: str) -> Select[Clinic]:
    """The published or closed listing with this public id, and its chain; one statement."""
    return (
        select(Clinic)
        .where(Clinic.public_id == public_id, Clinic.status.in_(_KNOWN))
        .options(joinedload(Clinic.organisation))
    )
