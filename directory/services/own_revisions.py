"""What people see of their own suggestions about listings: where each stands, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.errors import NotFound
from directory.domain.facts import UNSHOWN, Difference, Facts, differences, restored
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.revisions import ListingAction, ListingReason, RevisionKind, RevisionStatus
from directory.domain.sources import Source
from directory.extensions import reading
from directory.models import Clinic, Revision
from directory.queries import revisions as queries
from directory.services import facts, handed_in
from directory.services.audit import in_utc
from directory.services.handed_in import ReviewedClinic

#: So many suggestions stand on one page.
PAGE = 50
_NO_SUCH = N_("There is no such suggestion among yours.")


@dataclass(frozen=True, kw_only=True)
class OwnRevision:
    """One line of the list; `changed` is when it was last handed in or decided, in UTC."""

    public_id: str
    kind: RevisionKind
    clinic: ReviewedClinic
    status: RevisionStatus
    changed: datetime


@dataclass(frozen=True)
class OwnRevisions:
    """A page of one's own suggestions, the newest first; `next` names the last where more follow."""

    revisions: Sequence[OwnRevision]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class ListingStep:
    """One entry of the record on a listing, without the name of who made it; `at` in UTC."""

    action: ListingAction
    at: datetime
    reason: ListingReason | None
    words: str


@dataclass(frozen=True, kw_only=True)
class ShownRevision:
    """One's own suggestion, whole. `version` is what a withdrawal or a second handing in has seen.

    `fields` are the facts that it states. What the listing's e-mail address was, and is, is left out of `differences`.
    """

    public_id: str
    kind: RevisionKind
    clinic: ReviewedClinic
    target: ReviewedClinic | None
    status: RevisionStatus
    version: int
    differences: tuple[Difference, ...]
    fields: Facts
    source: Source
    words: str
    steps: tuple[ListingStep, ...]


def mine(account_id: int, *, after: str = "") -> OwnRevisions:
    """Return a page of what somebody suggested: those after the one named, or the first; one statement."""
    after = after if is_public_id(after) else ""
    with reading() as session:
        rows = session.execute(queries.of_author(account_id, after=after, limit=PAGE + 1)).all()
        found = [_line(row) for row in rows]
    return OwnRevisions(found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else None)


def show(revision_id: str, account_id: int) -> ShownRevision:
    """Return a suggestion of an account; NotFound for any other. Three statements at most."""
    with reading() as session:
        row = session.execute(queries.whole(revision_id)).one_or_none() if is_public_id(revision_id) else None
        if row is None or row.Revision.author_id != account_id:
            raise NotFound(_NO_SUCH)
        revision: Revision = row.Revision
        target = session.get(Clinic, revision.target_id) if revision.target_id else None
        fields, now = restored(revision.fields), facts.of_row(row.Clinic, row.chain)
        return ShownRevision(
            public_id=revision.public_id,
            kind=RevisionKind(revision.kind),
            clinic=handed_in.clinic(row.Clinic),
            target=handed_in.clinic(target) if target else None,
            status=RevisionStatus(revision.status),
            version=revision.version,
            differences=tuple(map(_unshown, differences(restored(revision.base), fields, now))),
            fields=fields,
            source=source_of(revision),
            words=revision.words,
            steps=steps(session, revision),
        )


def source_of(revision: Revision) -> Source:
    """Return where a suggestion was read."""
    return Source(title=revision.source, url=revision.source_url, seen_on=revision.seen_on)


def steps(session: Session, revision: Revision) -> tuple[ListingStep, ...]:
    """Return what was done about a suggestion, the oldest first; one statement."""
    return tuple(
        ListingStep(
            action=ListingAction(row.action),
            at=in_utc(row.at),
            reason=ListingReason(row.reason_code) if row.reason_code else None,
            words=row.reason_text,
        )
        for row in session.scalars(queries.decisions_on(revision.id))
    )


def _line(row: Any) -> OwnRevision:
    moments = [in_utc(at) for at in (row.Revision.submitted_at, row.decided_at) if at]
    return OwnRevision(
        public_id=row.Revision.public_id,
        kind=RevisionKind(row.Revision.kind),
        clinic=handed_in.clinic(row.Clinic),
        status=RevisionStatus(row.Revision.status),
        changed=max(moments),
    )


def _unshown(difference: Difference) -> Difference:
    return replace(difference, before="", now="") if difference.field == UNSHOWN else difference
