"""The history of a listing for its page: what was changed about it, from which source, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.facts import UNSHOWN, restored
from directory.domain.revisions import WHEREABOUTS, ListingAction, RevisionKind
from directory.models import Clinic
from directory.queries import profiles as queries
from directory.services.audit import in_utc

#: So many changes are told; all of them stand in the log.
MOST_TOLD = 20


@dataclass(frozen=True, kw_only=True)
class ListingChange:
    """One change of a listing. `entry` cites it in the log; `kind` and source are None where it was hidden or shown.

    `fields` are the facts that were changed, without the staff-only one. `moved_from` is the address before a move, ""
    for anything else, and `joined` the name of the listing that was merged into this one.
    """

    entry: str
    action: ListingAction
    kind: RevisionKind | None
    on: date
    source: str | None
    source_url: str
    seen_on: date | None
    fields: tuple[str, ...]
    moved_from: str
    joined: str


def history(session: Session, clinic: Clinic) -> tuple[ListingChange, ...]:
    """Return the changes of a listing, the newest first; one statement."""
    found = []
    # Back from how it reads now, a change at a time: each says how what it changed had read.
    here: dict[str, Any] = {name: getattr(clinic, name) or "" for name in WHEREABOUTS}
    for row in session.execute(queries.history(clinic.id, MOST_TOLD)):
        base = restored(row.base) if row.kind in {RevisionKind.EDIT, RevisionKind.MOVE} else {}
        here |= {name: value for name, value in base.items() if name in here}
        found.append(_change(row, here))
    return tuple(found)


def _change(row: Any, before: Mapping[str, str]) -> ListingChange:
    kind = RevisionKind(row.kind) if row.kind else None
    stated = restored(row.fields) if kind in {RevisionKind.EDIT, RevisionKind.MOVE} else {}
    return ListingChange(
        entry=row.public_id,
        action=ListingAction(row.action),
        kind=kind,
        on=in_utc(row.at).date(),
        source=row.source,
        source_url=row.source_url or "",
        seen_on=row.seen_on,
        fields=tuple(name for name in stated if name != UNSHOWN),
        moved_from=_line(before) if kind is RevisionKind.MOVE else "",
        joined=row.name if kind is RevisionKind.MERGE else "",
    )


def _line(where: Mapping[str, str]) -> str:
    state = f"{where['state']} {where['postal_code']}".strip()
    return ", ".join(part for part in (where["address"], where["city"], state) if part)
