"""Reads a listing about which something can be suggested."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from directory.domain.profile import SHOWN
from directory.models import Clinic


def known(public_id: str) -> Select[Clinic]:
    """The published or closed listing with this public id, and its chain."""
    return (
        select(Clinic)
        .where(Clinic.public_id == public_id, Clinic.status.in_(SHOWN))
        .options(joinedload(Clinic.organisation))
    )
