"""Takes a suggestion about a listing from one status to the next, and the listing with it: each act in the record."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.domain.errors import Conflict
from directory.domain.labels import N_
from directory.domain.profile import ListingStatus
from directory.domain.revisions import (
    UNLISTED,
    ListingAction,
    ListingReason,
    RevisionKind,
    RevisionStatus,
    entered,
    relisted,
    revised,
)
from directory.models import Clinic, ListingDecision, Revision
from directory.queries import revisions as queries
from directory.services import audit

#: Said to whoever was the second.
CHANGED = N_("Somebody decided this while you were looking at it. Look at it again.")


@dataclass(frozen=True, kw_only=True)
class ListingAct:
    """Somebody does something about a suggestion or a listing, and why."""

    action: ListingAction
    actor_id: int
    at: datetime
    reason: ListingReason | None = None
    words: str = ""
    until: date | None = None


def handed_in(session: Session, revision: Revision, clinic: Clinic) -> None:
    """Enter that a suggestion was handed in that has just been written."""
    act = ListingAct(action=ListingAction.SUBMIT, actor_id=revision.author_id, at=revision.submitted_at)
    decision = _decision(clinic, act, listing_to=ListingStatus(clinic.status))
    _add(session, decision, revision_id=revision.id, from_status="", to_status=revision.status, seen_version=0)
    audit.enter_listing_decision(session, decision)


def after(revision: Revision, act: ListingAct) -> RevisionStatus:
    """Return where a suggestion goes by an act; InvalidTransition where that cannot be done with it as it stands."""
    kind, status = RevisionKind(revision.kind), RevisionStatus(revision.status)
    return revised(kind, status, entered(kind, status, act.action))


def move(session: Session, revision: Revision, clinic: Clinic, act: ListingAct) -> ListingDecision:
    """Take a suggestion from its status to the next and its listing along, and enter that.

    All that the decision is about is written before. Raises InvalidTransition where either stands where that cannot be,
    and Conflict where the suggestion changed since.
    """
    kind, status, seen, to_status = RevisionKind(revision.kind), revision.status, revision.version, after(revision, act)
    action = entered(kind, RevisionStatus(status), act.action)
    listing_to = _listing_to(kind, ListingStatus(clinic.status), action)
    decision = _decision(clinic, replace(act, action=action), listing_to=listing_to)
    _add(session, decision, revision_id=revision.id, from_status=status, to_status=to_status, seen_version=seen)
    changed: Any = session.execute(
        update(Revision)
        .where(Revision.id == revision.id, Revision.version == seen, Revision.status == status)
        .values(status=to_status, version=seen + 1, claimed_by_id=None, claimed_at=None, claim_until=None)
    )
    if changed.rowcount != 1:
        raise Conflict(CHANGED)
    if listing_to != clinic.status:  # another suggestion about a merged listing must not lead it elsewhere
        _relist(session, clinic, listing_to, successor_id=revision.target_id)
    audit.enter_listing_decision(session, decision)
    return decision


def show_or_hide(session: Session, clinic: Clinic, act: ListingAct, *, listing_to: ListingStatus) -> None:
    """Hide a listing or show it again as what it was, and enter that."""
    decision = _decision(clinic, act, listing_to=listing_to)
    _add(session, decision)
    _relist(session, clinic, listing_to)
    audit.enter_listing_decision(session, decision)


def _decision(clinic: Clinic, act: ListingAct, *, listing_to: ListingStatus) -> ListingDecision:
    return ListingDecision(
        clinic_id=clinic.id,
        action=act.action,
        actor_id=act.actor_id,
        listing_from=clinic.status,
        listing_to=listing_to,
        reason_code=act.reason,
        reason_text=act.words,
        until=act.until,
        at=act.at,
    )


def _add(session: Session, decision: ListingDecision, **of_the_revision: Any) -> None:
    for name, value in of_the_revision.items():
        setattr(decision, name, value)
    session.add(decision)
    session.flush()


def _listing_to(kind: RevisionKind, status: ListingStatus, action: ListingAction) -> ListingStatus:
    if action in {ListingAction.APPROVE, ListingAction.APPROVE_ONCE}:
        reached = relisted(status, kind)
        return reached if action is ListingAction.APPROVE else status
    return UNLISTED.get(action, status) if kind is RevisionKind.NEW else status


def _relist(session: Session, clinic: Clinic, status: ListingStatus, *, successor_id: int | None = None) -> None:
    if status is ListingStatus.MERGED:
        # First those that led to it: a listing that was merged is never the one that stands for others.
        for earlier in session.scalars(queries.led_to(clinic.id)).all():
            earlier.successor_id = successor_id
        session.flush()
        clinic.successor_id = successor_id
    clinic.status = status
    session.flush()
