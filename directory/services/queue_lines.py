"""The lines of the queue: a review or a suggestion each, as a moderator sees it before it is opened."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from directory.domain.access import Actor
from directory.domain.leases import PROMISED, is_over_time
from directory.domain.moderation import Action, ReviewStatus
from directory.domain.revisions import WAITING, ListingAction, RevisionKind, RevisionStatus
from directory.domain.waiting import ItemKind, Place
from directory.models import Review, Revision
from directory.queries import queue as queries
from directory.services import handed_in
from directory.services.audit import in_utc
from directory.services.handed_in import ReviewedClinic
from directory.services.leased import lease_of

#: What one decided within this time is what one decided lately.
LATELY = timedelta(days=30)
_PSEUDONYM_LETTERS = 6


class View(StrEnum):
    """What a moderator can look at: what waits, what is with its author, and what they decided themselves lately."""

    WAITING = "waiting"
    ASKED = "asked"
    DECIDED = "decided"


@dataclass(frozen=True, kw_only=True)
class WaitingReview:
    """One line of the queue, a review or a suggestion. `since` is when it was handed in, in UTC.

    `answers` are those of a review that say yes or no; `suggestion` is None for one. `open_until` is None where nobody
    has it open, and `held_until` where reviews of the clinic are not held; `came_back` is what oneself had sent back.
    """

    kind: ItemKind
    public_id: str
    clinic: ReviewedClinic
    reviewer: str
    since: datetime
    version: int
    status: ReviewStatus | RevisionStatus
    answers: int = 0
    suggestion: RevisionKind | None = None
    is_over_time: bool = False
    open_until: datetime | None = None
    is_mine: bool = False
    held_until: date | None = None
    came_back: bool = False
    decided_as: Action | ListingAction | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody looks at: of one kind or of all, and of what waits perhaps what waits longer than was promised."""

    view: View = View.WAITING
    kind: ItemKind | None = None
    only_overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """So many lines of what was asked for, from the first or from behind a place."""

    asked: Asked
    after: Place | None
    limit: int


def pseudonym(public_id: str) -> str:
    """Return the name under which moderators know an account: six letters and digits, always the same."""
    digest = hashlib.sha256(public_id.encode()).digest()
    return base64.b32encode(digest).decode()[:_PSEUDONYM_LETTERS]


def lines(session: Session, who: Actor, wanted: Wanted, *, at: datetime) -> list[WaitingReview]:
    """Return the lines that `who` may decide, the longest waiting first; what was decided, the newest first.

    A statement a kind.
    """
    kinds = [wanted.asked.kind] if wanted.asked.kind else list(ItemKind)
    statements = {kind: _statement(kind, who, wanted, at) for kind in kinds}
    found = [(kind, row) for kind in kinds for row in session.execute(statements[kind])]
    # Of one moment and kind they stay in the order in which they were read.
    found.sort(key=lambda each: (_turn(each[1], wanted.asked.view), each[0]))
    return [_line(kind, row, who, at) for kind, row in found[: wanted.limit]]


def _turn(row: Any, view: View) -> float:
    return -in_utc(row.at).timestamp() if view is View.DECIDED else in_utc(row[0].submitted_at).timestamp()


_LISTED = {ItemKind.REVIEW: queries.listed, ItemKind.LISTING: queries.listed_suggestions}
_DECIDED: dict[ItemKind, Callable[[int, datetime, int], Select[Any]]] = {
    ItemKind.REVIEW: queries.decided_by,
    ItemKind.LISTING: queries.suggestions_decided_by,
}


def _statement(kind: ItemKind, who: Actor, wanted: Wanted, at: datetime) -> Select[Any]:
    asked, model = wanted.asked, queries.MODELS[kind]
    if asked.view is View.DECIDED:
        return _DECIDED[kind](who.account_id, at - LATELY, wanted.limit)
    found = _LISTED[kind](who.voice, at.date(), is_waiting=asked.view is View.WAITING, limit=wanted.limit)
    conditions = [queries.follows(model, wanted.after)] if wanted.after else []
    if asked.only_overdue:
        conditions.append(queries.handed_in_before(model, at - PROMISED))
    return found.where(*conditions)


def _line(kind: ItemKind, row: Any, who: Actor, at: datetime) -> WaitingReview:
    item: Review | Revision = row[0]
    # Each was handed in, or it would not be here.
    lease, since = lease_of(item), in_utc(row[0].submitted_at)
    is_open = lease is not None and lease.is_live(at)
    return WaitingReview(
        kind=kind,
        public_id=item.public_id,
        clinic=handed_in.clinic(row.Clinic),
        reviewer=pseudonym(row.author),
        since=since,
        version=item.version,
        is_over_time=item.status in _WAITING and is_over_time(since, at),
        open_until=lease.until if lease and is_open else None,
        is_mine=lease is not None and lease.is_of(who.account_id, at),
        **(_of_review(row) if isinstance(item, Review) else _of_suggestion(row)),
    )


_WAITING: Sequence[str] = (ReviewStatus.SUBMITTED, *WAITING)


def _of_review(row: Any) -> dict[str, Any]:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's name for a row as a mapping
    shown = {"status": ReviewStatus(row[0].status), "answers": row.answers, "held_until": found.get("held_until")}
    return shown | {"came_back": bool(found.get("came_back"))} | _decided(found, Action)


def _of_suggestion(row: Any) -> dict[str, Any]:
    found = row._mapping  # noqa: SLF001 - the same
    shown = {"status": RevisionStatus(row[0].status), "suggestion": RevisionKind(row[0].kind)}
    return shown | _decided(found, ListingAction)


def _decided(found: Any, actions: type[Action] | type[ListingAction]) -> dict[str, Any]:
    return {"decided_as": actions(found["action"]), "decided_at": in_utc(found["at"])} if "action" in found else {}
