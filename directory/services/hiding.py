"""What an administrator sees of a listing that may be hidden after a legal request, and of those that are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from directory.domain.access import SENTENCES, Actor, Permission, refusal
from directory.domain.errors import Forbidden, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.profile import NOT_LISTED, ListingStatus
from directory.domain.revisions import ListingReason
from directory.extensions import reading
from directory.models import Clinic, ListingDecision
from directory.queries import hiding as queries
from directory.queries import revisions
from directory.services import access
from directory.services.access import About
from directory.services.audit import in_utc


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """Why a listing is hidden, since when, and by when somebody has to look at it again."""

    since: date
    until: date
    reason: ListingReason
    words: str


@dataclass(frozen=True, kw_only=True)
class Hideable:
    """A listing that is public, or was before it was hidden; `hidden` is None where it is public."""

    public_id: str
    slug: str
    name: str
    city: str
    state: str
    status: ListingStatus
    hidden: Hidden | None = None


def look_at(public_id: str, who: Actor, *, at: datetime) -> Hideable:
    """Return a listing for `who` to hide or show again; three statements.

    Raises NotFound for one that is neither public nor hidden and for one to which `who` has a tie, and Forbidden for
    somebody without the role.
    """
    _refuse_without_role(who)
    with reading() as session:
        row = session.scalar(queries.listing(public_id)) if is_public_id(public_id) else None
        if row is None:
            raise NotFound(NOT_LISTED)
        what = access.thing(session, who, Permission.HIDE_LISTING, About(clinic_id=row.id), today=at.date())
        if refusal(who, Permission.HIDE_LISTING, what):
            raise NotFound(NOT_LISTED)
        is_hidden = row.status == ListingStatus.HIDDEN
        decided = session.scalar(revisions.last_hiding(row.id)) if is_hidden else None
        return Hideable(**_shown(row), hidden=_hidden(decided) if decided else None)


def all_hidden(who: Actor) -> Sequence[tuple[Hideable, date]]:
    """Return every hidden listing with the day by which somebody has to look at it again; one statement.

    Raises Forbidden for somebody without the role.
    """
    _refuse_without_role(who)
    with reading() as session:
        return [(Hideable(**_shown(row)), until) for row, until in session.execute(queries.hidden()) if until]


def number_due(*, today: date) -> int:
    """Return how many hidden listings an administrator had to look at again by a day; one statement."""
    with reading() as session:
        return session.scalars(queries.number_due(today)).one()


def _refuse_without_role(who: Actor) -> None:
    if refused := refusal(who, Permission.HIDE_LISTING):
        raise Forbidden(SENTENCES[refused])


def _shown(row: Clinic) -> dict[str, Any]:
    names = ("public_id", "slug", "name", "city", "state")
    return {name: getattr(row, name) for name in names} | {"status": ListingStatus(row.status)}


def _hidden(row: ListingDecision) -> Hidden:
    return Hidden(
        since=in_utc(row.at).date(),
        until=row.until or in_utc(row.at).date(),
        reason=ListingReason(row.reason_code or ListingReason.LEGAL_REQUEST),
        words=row.reason_text,
    )
