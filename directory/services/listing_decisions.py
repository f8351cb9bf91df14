"""Decides on what was suggested about listings; hides a listing, most often after a legal request."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidParameter, InvalidTransition, NotFound
from directory.domain.facts import restored
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.mail import Site
from directory.domain.profile import NOT_LISTED, SHOWN, ListingStatus
from directory.domain.revisions import (
    DECLINING,
    LONGEST_HIDING,
    REVISION_DECISIONS,
    ListingAction,
    ListingReason,
    RevisionKind,
    check_listing_reason,
)
from directory.models import Clinic, Revision
from directory.queries import revisions as queries
from directory.services import access, audit, facts, listing_letters, scores, suggested
from directory.services.access import About
from directory.services.leased import refuse_if_open_elsewhere
from directory.services.listing_acts import CHANGED, ListingAct, move, show_or_hide

_NO_SUCH = N_("There is no such suggestion for you to decide.")
_OTHERWISE = N_("The listing was changed since this was suggested. Look at what it says now.")
_NO_SUCCESSOR = N_("The listing that would stay is not published any more. Look at it again.")


@dataclass(frozen=True, kw_only=True)
class ListingVerdict:
    """A decision on a revision: approve, request changes, or decline.

    `site` is where its author reads it and `listing_page` the whole address of the listing's page (of a merge: of the
    one that stays); without a site no letter is sent.
    """

    action: ListingAction
    reason: ListingReason | None = None
    words: str = ""
    site: Site | None = None
    listing_page: str = ""


@dataclass(frozen=True, kw_only=True)
class Hiding:
    """Why a listing is hidden, and the day on which somebody has to have decided anew."""

    reason: ListingReason
    words: str
    until: date


def decide(revision_id: str, verdict: ListingVerdict, *, moderator_id: int, seen_version: int, at: datetime) -> None:
    """Decide on a revision as the moderator saw it: the record, the listing, its score and the letters at once.

    An approval of a merge is the first of two, or the second. Raises NotFound; Forbidden for one's own work, a tie (to
    either listing, or to the chain that is named) or a missing role; InvalidTransition where it or the listing stands
    where this cannot be; Conflict where it, or a fact that it changes, changed since, or another moderator has it open;
    InvalidParameter naming "action" or "reason".
    """
    _check(verdict)
    with audit.turn() as session:
        revision = _revision(session, revision_id, seen_version)
        who = access.require(
            session, Permission.DECIDE_LISTING, moderator_id, suggested.about(session, revision), at=at
        )
        listings = {each.id: each for each in session.scalars(queries.listings(_ids(revision)))}
        clinic = listings[revision.clinic_id]
        refuse_if_open_elsewhere(revision, moderator_id, at)
        act = ListingAct(
            action=verdict.action, actor_id=moderator_id, at=at, reason=verdict.reason, words=verdict.words
        )
        if verdict.action is ListingAction.APPROVE:
            suggested.refuse_who_agreed(session, revision, who)
            suggested.refuse_where_the_author_agreed(session, revision)
            _refuse_unless_it_stands(session, revision, listings)
        decision = move(session, revision, clinic, act)
        if decision.action == ListingAction.APPROVE:
            _carry_out(session, revision, clinic, at=at)
        if verdict.site:
            listing_letters.tell(session, decision, verdict.site, verdict.listing_page)


def hide(clinic_id: str, hiding: Hiding, *, administrator_id: int, at: datetime) -> None:
    """Hide a published or closed listing: its page says only that it is, and since when.

    Raises NotFound, Forbidden, InvalidTransition where it is hidden already, and InvalidParameter naming "reason" or
    "until" (one day to a year ahead).
    """
    check_listing_reason(ListingAction.HIDE, hiding.reason, hiding.words)
    if not at.date() < hiding.until <= at.date() + timedelta(days=LONGEST_HIDING):
        raise InvalidParameter("until", N_("Choose a day within a year by which somebody looks at this again."))
    with audit.turn() as session:
        clinic = _listing(session, clinic_id, administrator_id, at)
        if clinic.status not in SHOWN:
            raise InvalidTransition(N_("This listing is not public as it stands now. Look at it again."))
        act = ListingAct(action=ListingAction.HIDE, actor_id=administrator_id, at=at, reason=hiding.reason,
                         words=hiding.words, until=hiding.until)  # fmt: skip
        show_or_hide(session, clinic, act, listing_to=ListingStatus.HIDDEN)


def unhide(clinic_id: str, *, words: str, administrator_id: int, at: datetime) -> None:
    """Show a hidden listing again as what it was; `words` say why.

    Raises NotFound, Forbidden, InvalidTransition where it is not hidden, and InvalidParameter naming "reason".
    """
    check_listing_reason(ListingAction.UNHIDE, None, words)
    if not words.strip():
        raise InvalidParameter("reason", N_("Say in a sentence why it is shown again."))
    with audit.turn() as session:
        clinic = _listing(session, clinic_id, administrator_id, at)
        if clinic.status != ListingStatus.HIDDEN:
            raise InvalidTransition(N_("This listing is not hidden. Look at it again."))
        hidden = session.scalars(queries.last_hiding(clinic.id)).one()
        act = ListingAct(action=ListingAction.UNHIDE, actor_id=administrator_id, at=at, words=words)
        show_or_hide(session, clinic, act, listing_to=ListingStatus(hidden.listing_from))


def _check(verdict: ListingVerdict) -> None:
    if verdict.action not in REVISION_DECISIONS:
        raise InvalidParameter("action", N_("Approve the suggestion, ask its author for changes, or decline it."))
    check_listing_reason(verdict.action, verdict.reason, verdict.words)
    if verdict.reason is not None and verdict.reason not in DECLINING:
        raise InvalidParameter("reason", N_("Choose a reason that is about the suggestion."))


def _revision(session: Session, public_id: str, seen_version: int) -> Revision:
    revision = session.scalar(queries.by_public_id(public_id)) if is_public_id(public_id) else None
    if revision is None:
        raise NotFound(_NO_SUCH)
    if revision.version != seen_version:
        raise Conflict(CHANGED)
    return revision


def _ids(revision: Revision) -> list[int]:
    return [revision.clinic_id, *([revision.target_id] if revision.target_id else [])]


def _refuse_unless_it_stands(session: Session, revision: Revision, listings: dict[int, Clinic]) -> None:
    """Raise Conflict where a fact reads otherwise than when its change was suggested, or no listing would stay."""
    base = restored(revision.base)
    now = facts.of_clinic(session, listings[revision.clinic_id])
    if any(now[name] != value for name, value in base.items()):
        raise Conflict(_OTHERWISE)
    if revision.target_id and listings[revision.target_id].status != ListingStatus.PUBLISHED:
        raise Conflict(_NO_SUCCESSOR)


def _carry_out(session: Session, revision: Revision, clinic: Clinic, *, at: datetime) -> None:
    if revision.kind in {RevisionKind.EDIT, RevisionKind.MOVE}:
        facts.put(session, clinic, revision)
    if revision.kind == RevisionKind.NEW:
        facts.find_by_name(session, clinic)
    if revision.target_id:
        scores.restate(session, [revision.target_id], at=at)


def _listing(session: Session, public_id: str, administrator_id: int, at: datetime) -> Clinic:
    clinic = session.scalar(queries.listing(public_id)) if is_public_id(public_id) else None
    if clinic is None:
        raise NotFound(NOT_LISTED)
    access.require(session, Permission.HIDE_LISTING, administrator_id, About(clinic_id=clinic.id), at=at)
    return clinic
