"""Reads the public entry of one clinic."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from directory.domain.profile import SHOWN
from directory.domain.revisions import ListingAction, RevisionKind
from directory.models import Clinic, ListingDecision, Revision
from directory.queries.abuse import held_until
from directory.queries.aliases import called

#: What became of a listing; that somebody suggested something, or was asked for more, is no part of its history.
_TOLD = (ListingAction.APPROVE, ListingAction.HIDE, ListingAction.UNHIDE)


def shown(public_id: str, today: date) -> Select[Clinic, date | None]:
    """The clinic with this public id that is published or has closed, its chain and the sources of its facts.

    The day until which its new reviews are held stands beside it; None where they are not. Two statements in all.
    """
    return _whole(today).where(Clinic.public_id == public_id, Clinic.status.in_(SHOWN))


def shown_among(public_ids: Iterable[str], today: date) -> Select[Clinic, date | None]:
    """Those that are published or have closed among clinics with these public ids, in no order, each as by shown()."""
    return _whole(today).where(Clinic.public_id.in_(public_ids), Clinic.status.in_(SHOWN))


def _whole(today: date) -> Select[Clinic, date | None]:
    return select(Clinic, held_until(today).label("held_until")).options(
        joinedload(Clinic.organisation), selectinload(Clinic.facts)
    )


def successors(public_ids: Iterable[str]) -> Select[str, str]:
    """The public ids of merged listings among these, each with that of the listing that stands for it now."""
    successor = called("successors_successor", Clinic)
    return (
        select(Clinic.public_id, successor.public_id)
        .join(successor, successor.id == Clinic.successor_id)
        .where(Clinic.public_id.in_(public_ids))
    )


def shown_id(public_id: str) -> Select[int]:
    """The id of the clinic with this public id that is published or has closed."""
    return select(Clinic.id).where(Clinic.public_id == public_id, Clinic.status.in_(SHOWN))


def what_became(public_id: str) -> Select[str, str, str, str, datetime, str | None]:
    """Where a listing that is not shown stands: its status, its successor and that one's, when and why it was hidden.

    Of several times that it was hidden it is the last.
    """
    successor, newer = called("what_became_successor", Clinic), called("what_became_newer", ListingDecision)
    is_newest = ~(
        select(newer.id)
        .where(newer.clinic_id == ListingDecision.clinic_id, newer.action == ListingAction.HIDE)
        .where(newer.id > ListingDecision.id)
        .exists()
    )
    hiding = and_(ListingDecision.clinic_id == Clinic.id, ListingDecision.action == ListingAction.HIDE, is_newest)
    return (
        select(
            Clinic.status,
            successor.public_id.label("successor"),
            successor.slug,
            successor.status.label("stands"),
            ListingDecision.at,
            ListingDecision.reason_code,
        )
        .outerjoin(successor, successor.id == Clinic.successor_id)
        .outerjoin(ListingDecision, hiding)
        .where(Clinic.public_id == public_id)
    )


def history(clinic_id: int, limit: int) -> Select[Any]:
    """What was decided about a listing that its page tells, the newest first: each with what was suggested.

    A row has the name of the listing besides: a merge is told by the one that stayed.
    """
    suggested = (Revision.kind, Revision.fields, Revision.base, Revision.source, Revision.source_url, Revision.seen_on)
    entered = (ListingDecision.public_id, ListingDecision.action, ListingDecision.at, Clinic.name)
    columns: Any = select(*entered, *suggested)
    statement: Select[Any] = (
        columns.join(Clinic, Clinic.id == ListingDecision.clinic_id)
        .outerjoin(Revision, Revision.id == ListingDecision.revision_id)
        .where(or_(Clinic.id == clinic_id, Clinic.successor_id == clinic_id), ListingDecision.action.in_(_TOLD))
        .where(or_(Clinic.id == clinic_id, Revision.kind == RevisionKind.MERGE))
        .order_by(ListingDecision.id.desc())
        .limit(limit)
    )
    return statement
