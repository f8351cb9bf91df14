"""The public page of decisions: who may read it is everybody, so it holds no names and nobody's words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from directory.domain.checklist import Criterion
from directory.domain.errors import InvalidParameter, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import AUTHORS_OWN, Action, Reason
from directory.domain.profile import NOT_LISTED
from directory.domain.revisions import REVISERS_OWN, ListingAction, ListingReason, RevisionKind
from directory.extensions import reading
from directory.queries import listing_log as listing_queries
from directory.queries import log as queries
from directory.services import checklists, support
from directory.services.audit import in_utc


def _word(action: ListingAction) -> str:
    # The same word is used of reviews.
    return f"listing_{action.value}"


#: So many entries stand on one page.
PAGE = 50
#: What is listed: all that is decided here. What authors do with their own reviews is no decision of ours.
_ON_REVIEWS = {action.value: action for action in Action if action not in AUTHORS_OWN}
_ON_LISTINGS = {_word(action): action for action in ListingAction if action not in REVISERS_OWN}
LISTED = (*_ON_REVIEWS, *_ON_LISTINGS)
_BETWEEN = ","
_NO_SUCH = N_("There is no such entry. It may be about a clinic that is no longer listed.")
_NO_ACTION = N_("Choose a kind of decision from the list.")


@dataclass(frozen=True, kw_only=True)
class DecidedClinic:
    """The clinic that a decision is about; slug and name are "" where its listing is hidden."""

    public_id: str
    slug: str
    name: str
    city: str
    state: str


@dataclass(frozen=True)
class Dropped:
    """An answer that an approval left out, and why; what it said stays unsaid."""

    criterion: Criterion
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One decision, on a review or a sign or, where `is_on_listing`, on a listing.

    `criterion` is None for a review, `has_seen` None for anything but a source opened again; `suggestion` is what was
    suggested about a listing, and None where it was hidden or shown again.
    """

    public_id: str
    on: date
    clinic: DecidedClinic
    action: Action | ListingAction
    reason: Reason | ListingReason | None
    criterion: Criterion | None = None
    has_seen: bool | None = None
    dropped: tuple[Dropped, ...] = ()
    #: The signs confirmed at that time of whose evidence the decision took a part; moderators look at them again.
    shaken: tuple[Criterion, ...] = ()
    is_on_listing: bool = False
    suggestion: RevisionKind | None = None

    @property
    def kind(self) -> str:
        """The kind of decision, one of LISTED."""
        return _word(self.action) if isinstance(self.action, ListingAction) else self.action.value


@dataclass(frozen=True, kw_only=True)
class Log:
    """A page of decisions, the newest first; `next` leads on where more follow. `clinic` is that asked for."""

    entries: Sequence[LogEntry]
    next: str | None
    clinic: DecidedClinic | None
    action: str | None


def page(*, as_of: date, after: str = "", clinic: str = "", action: str = "") -> Log:
    """Return the decisions that are public on a day: those after the place named, or the first; four statements.

    It takes four more where a review was taken back or made void. `clinic` (a public id) and `action` narrow them where
    they are given. Raises NotFound for a clinic that is not listed, InvalidParameter for an action not among LISTED.
    """
    if action not in {"", *LISTED}:
        raise InvalidParameter("action", _NO_ACTION)
    with reading() as session:
        about = session.scalars(queries.listings(clinic)).all() if is_public_id(clinic) else []
        if clinic and not about:
            raise NotFound(NOT_LISTED)
        found, places, has_more = _merged(session, as_of, after, [each.id for each in about], action)
    return Log(
        entries=found,
        next=_BETWEEN.join(places).rstrip(_BETWEEN) if has_more else None,
        clinic=_clinic(about[0], about[0].public_id) if about else None,
        action=action or None,
    )


def _merged(
    session: Session, as_of: date, after: str, clinic_ids: list[int], action: str
) -> tuple[list[LogEntry], tuple[str, str], bool]:
    """Return the entries of a page, of each kind of them the last that was shown or "", and whether more follow."""
    on_review, _, on_listing = after.partition(_BETWEEN)
    reviews, listings = [], []
    if action not in _ON_LISTINGS:
        reviews = list(session.execute(_of_reviews(as_of, on_review, clinic_ids, action)))
    if action not in _ON_REVIEWS:
        listings = list(session.execute(_of_listings(on_listing, clinic_ids, action)))
    # Each kind stays in the order of its entry, and of one moment reviews come first.
    both = [*merge(reviews, listings, key=lambda row: -in_utc(row.at).timestamp())]
    shown = {row.public_id for row in both[:PAGE]}
    reviews, listings = ([row for row in rows if row.public_id in shown] for rows in (reviews, listings))
    told = [*_entries(session, reviews), *map(_listing_entry, listings)]
    by_id = {each.public_id: each for each in told}
    places = (
        reviews[-1].public_id if reviews else on_review,
        listings[-1].public_id if listings else on_listing,
    )
    return [by_id[row.public_id] for row in both[:PAGE]], places, len(both) > PAGE


def show(public_id: str, *, as_of: date) -> LogEntry:
    """Return the entry with this public id; NotFound where none is public on that day. Two statements."""
    with reading() as session:
        if is_public_id(public_id):
            row = session.execute(queries.entry(queries.entries(as_of), public_id)).one_or_none()
            if row is not None:
                return _entries(session, [row])[0]
            of_listing = session.execute(listing_queries.entry(listing_queries.entries(), public_id)).one_or_none()
            if of_listing is not None:
                return _listing_entry(of_listing)
        raise NotFound(_NO_SUCH)


def _of_reviews(as_of: date, after: str, clinic_ids: list[int], action: str) -> Select[Any]:
    wanted = queries.entries(as_of)
    wanted = queries.of_action(wanted, Action(action)) if action else wanted
    wanted = queries.after(wanted, after) if is_public_id(after) else wanted
    wanted = queries.of_clinics(wanted, clinic_ids) if clinic_ids else wanted
    return wanted.limit(PAGE + 1)


def _of_listings(after: str, clinic_ids: list[int], action: str) -> Select[Any]:
    wanted = listing_queries.entries()
    wanted = listing_queries.of_action(wanted, _ON_LISTINGS[action]) if action else wanted
    wanted = listing_queries.after(wanted, after) if is_public_id(after) else wanted
    wanted = listing_queries.of_clinics(wanted, clinic_ids) if clinic_ids else wanted
    return wanted.limit(PAGE + 1)


def _listing_entry(row: Any) -> LogEntry:
    clinic = _clinic(row, row.clinic)
    return LogEntry(
        public_id=row.public_id,
        on=in_utc(row.at).date(),
        clinic=clinic if row.is_named else replace(clinic, slug="", name="", city="", state=""),
        action=ListingAction(row.action),
        reason=ListingReason(row.reason_code) if row.reason_code else None,
        is_on_listing=True,
        suggestion=RevisionKind(row.kind) if row.kind else None,
    )


def _entries(session: Session, rows: Sequence[Any]) -> list[LogEntry]:
    dropped: dict[int, list[Dropped]] = defaultdict(list)
    for each in session.execute(queries.dropped(row.id for row in rows)):
        dropped[each.decision_id].append(Dropped(_criterion(each), Reason(each.reason_code)))
    shaken = support.confirmed_then(session, rows)
    return [_entry(row, tuple(dropped[row.id]), tuple(shaken.get(row.id, ()))) for row in rows]


def _entry(row: Any, dropped: tuple[Dropped, ...], shaken: tuple[Criterion, ...]) -> LogEntry:
    return LogEntry(
        public_id=row.public_id,
        on=in_utc(row.at).date(),
        clinic=_clinic(row, row.clinic),
        action=Action(row.action),
        criterion=_criterion(row) if row.criterion else None,
        has_seen=row.has_seen,
        reason=Reason(row.reason_code) if row.reason_code else None,
        dropped=dropped,
        shaken=shaken,
    )


def _clinic(row: Any, public_id: str) -> DecidedClinic:
    return DecidedClinic(public_id=public_id, slug=row.slug, name=row.name, city=row.city, state=row.state)


def _criterion(row: Any) -> Criterion:
    return checklists.version(row.version).by_slug[row.criterion]
