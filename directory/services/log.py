"""The public page of decisions: who may read it is everybody, so it holds no names and nobody's words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.checklist import Criterion
from directory.domain.errors import InvalidParameter, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import AUTHORS_OWN, Action, Reason
from directory.extensions import reading
from directory.queries import log as queries
from directory.services import checklists
from directory.services.audit import in_utc
from directory.services.moderation import listed

#: So many entries stand on one page.
PAGE = 50
#: What is listed: all that is decided here. What authors do with their own reviews is no decision of ours.
LISTED = tuple(action for action in Action if action not in AUTHORS_OWN)
_NO_SUCH = N_("There is no such entry. It may be about a clinic that is no longer listed.")
_NO_ACTION = N_("Choose a kind of decision from the list.")


@dataclass(frozen=True, kw_only=True)
class DecidedClinic:
    """The clinic that a decision is about."""

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
    """One decision. `criterion` is None for a review, `has_seen` None for anything but a source opened again."""

    public_id: str
    on: date
    clinic: DecidedClinic
    action: Action
    criterion: Criterion | None
    has_seen: bool | None
    reason: Reason | None
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, kw_only=True)
class Log:
    """A page of decisions, the newest first; `next` names the last where more follow. `clinic` is that asked for."""

    entries: Sequence[LogEntry]
    next: str | None
    clinic: DecidedClinic | None
    action: Action | None


def page(*, as_of: date, after: str = "", clinic: str = "", action: str = "") -> Log:
    """Return the decisions that are public on a day: those after the entry named, or the first; three statements.

    `clinic` (a public id) and `action` narrow them where they are given. Raises NotFound for a clinic that is not
    listed, InvalidParameter for an action that is not among LISTED.
    """
    if action not in {"", *LISTED}:
        raise InvalidParameter("action", _NO_ACTION)
    wanted = queries.entries(as_of)
    if action:
        wanted = queries.of_action(wanted, Action(action))
    if is_public_id(after):
        wanted = queries.after(wanted, after)
    with reading() as session:
        about = listed(session, clinic) if clinic else None
        if about:
            wanted = queries.of_clinic(wanted, about.id)
        rows = session.execute(wanted.limit(PAGE + 1)).all()
        found = _entries(session, rows[:PAGE])
    return Log(
        entries=found,
        next=found[-1].public_id if len(rows) > PAGE else None,
        clinic=_clinic(about, about.public_id) if about else None,
        action=Action(action) if action else None,
    )


def show(public_id: str, *, as_of: date) -> LogEntry:
    """Return the entry with this public id; NotFound where none is public on that day. Two statements."""
    with reading() as session:
        wanted = queries.entry(queries.entries(as_of), public_id)
        row = session.execute(wanted).one_or_none() if is_public_id(public_id) else None
        if row is None:
            raise NotFound(_NO_SUCH)
        return _entries(session, [row])[0]


def _entries(session: Session, rows: Sequence[Any]) -> list[LogEntry]:
    dropped: dict[int, list[Dropped]] = defaultdict(list)
    for each in session.execute(queries.dropped(row.id for row in rows)):
        dropped[each.decision_id].append(Dropped(_criterion(each), Reason(each.reason_code)))
    return [_entry(row, tuple(dropped[row.id])) for row in rows]


def _entry(row: Any, dropped: tuple[Dropped, ...]) -> LogEntry:
    return LogEntry(
        public_id=row.public_id,
        on=in_utc(row.at).date(),
        clinic=_clinic(row, row.clinic),
        action=Action(row.action),
        criterion=_criterion(row) if row.criterion else None,
        has_seen=row.has_seen,
        reason=Reason(row.reason_code) if row.reason_code else None,
        dropped=dropped,
    )


def _clinic(row: Any, public_id: str) -> DecidedClinic:
    return DecidedClinic(public_id=public_id, slug=row.slug, name=row.name, city=row.city, state=row.state)


def _criterion(row: Any) -> Criterion:
    return checklists.version(row.version).by_slug[row.criterion]
