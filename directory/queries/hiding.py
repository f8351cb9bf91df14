"""Reads listings for an administrator who hides one after a legal request, or shows it again."""

from datetime import date

from sqlalchemy import Select, func, select

from directory.domain.profile import SHOWN, ListingStatus
from directory.domain.revisions import ListingAction
from directory.models import Clinic, ListingDecision

_OF_CONCERN = (*SHOWN, ListingStatus.HIDDEN)
# Led by the acts of hiding, which are few, and not by the clinics, which nobody wants to read for a number.
_NEWEST = (
    select(func.max(ListingDecision.id))
    .where(ListingDecision.action == ListingAction.HIDE)
    .group_by(ListingDecision.clinic_id)
)


def listing(public_id: str) -> Select[Clinic]:
    """The listing with this public id that is public, or was before it was hidden."""
    return select(Clinic).where(Clinic.public_id == public_id, Clinic.status.in_(_OF_CONCERN))


def hidden() -> Select[Clinic, date | None]:
    """Every hidden listing with the day by which somebody has to look at it again, the first of them first."""
    return (
        select(Clinic, ListingDecision.until)
        .join(ListingDecision, ListingDecision.clinic_id == Clinic.id)
        .where(ListingDecision.id.in_(_NEWEST), Clinic.status == ListingStatus.HIDDEN)
        .order_by(ListingDecision.until, Clinic.id)
    )


def number_due(today: date) -> Select[int]:
    """How many hidden listings somebody had to look at again by a day."""
    due = hidden().where(ListingDecision.until <= today)
    return due.order_by(None).with_only_columns(func.count())
