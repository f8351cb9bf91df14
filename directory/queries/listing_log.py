"""Reads of what the record says of listings for the public page of decisions, without names or words."""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from directory.domain.profile import SHOWN, ListingStatus
from directory.domain.revisions import REVISERS_OWN, ListingAction
from directory.models import Clinic, ListingDecision, Revision
from directory.queries.aliases import called

_LARGEST_ID = 2**31 - 1
_NAMES = ("slug", "name", "city", "state")


def entries() -> Select[Any]:
    """The public entries, the newest first, each with what was suggested and the listing that it is told under.

    What happened to a merged listing is told under the one that stands for it. Of a hidden one it is told that it was
    hidden, and `is_named` is False; what nobody published is left out.
    """
    successor = called("entries_successor", Clinic)
    is_shown = or_(Clinic.status.in_(SHOWN), successor.status.in_(SHOWN))
    is_hidden = and_(Clinic.status == ListingStatus.HIDDEN, ListingDecision.action == ListingAction.HIDE)
    columns = (func.coalesce(getattr(successor, name), getattr(Clinic, name)).label(name) for name in _NAMES)
    statement: Select[Any] = (
        select(
            ListingDecision.id, ListingDecision.public_id, ListingDecision.action, ListingDecision.reason_code,
            ListingDecision.at, Revision.kind, is_shown.label("is_named"),
            func.coalesce(successor.public_id, Clinic.public_id).label("clinic"), *columns,
        )
        .join(Clinic, Clinic.id == ListingDecision.clinic_id)
        .outerjoin(successor, successor.id == Clinic.successor_id)
        .outerjoin(Revision, Revision.id == ListingDecision.revision_id)
        .where(or_(is_shown, is_hidden), ListingDecision.action.not_in(REVISERS_OWN))
        .order_by(ListingDecision.id.desc())
    )  # fmt: skip
    return statement


def after(found: Select[Any], public_id: str) -> Select[Any]:
    """Narrow entries to those that follow the one named; to all where there is none of that name."""
    last = called("after_last", ListingDecision)
    named = select(last.id).where(last.public_id == public_id).scalar_subquery()
    return found.where(ListingDecision.id < func.coalesce(named, _LARGEST_ID))


def of_clinics(found: Select[Any], clinic_ids: list[int]) -> Select[Any]:
    """Narrow entries to those about some listings."""
    return found.where(ListingDecision.clinic_id.in_(clinic_ids))


def of_action(found: Select[Any], action: ListingAction) -> Select[Any]:
    """Narrow entries to those of one action."""
    return found.where(ListingDecision.action == action)


def entry(found: Select[Any], public_id: str) -> Select[Any]:
    """Narrow entries to the one with this public id."""
    return found.where(ListingDecision.public_id == public_id)
