"""What waits for a moderator, and one review as they see it; their own and what they are tied to left out."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from directory.domain.access import SENTENCES, Actor, Permission, Refusal, refusal
from directory.domain.errors import Forbidden, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.leases import PROMISED, Lease, is_over_time
from directory.domain.moderation import Action, ReviewStatus
from directory.domain.ties import TieKind
from directory.extensions import reading
from directory.models import Review
from directory.queries import queue as queries
from directory.services import abuse, access, checklists, handed_in, moderation
from directory.services.audit import in_utc
from directory.services.handed_in import HandedIn, ReviewedClinic, Step
from directory.services.leased import lease_of

#: So many reviews stand on one page.
PAGE = 50
#: What one decided within this time is what one decided lately.
LATELY = timedelta(days=30)
_PSEUDONYM_LETTERS = 6
_NO_SUCH = N_("There is no such review for you to decide.")


class View(StrEnum):
    """What a moderator can look at: what waits, what is with its author, and what they decided themselves lately."""

    WAITING = "waiting"
    ASKED = "asked"
    DECIDED = "decided"


_STATUSES = {View.WAITING: ReviewStatus.SUBMITTED, View.ASKED: ReviewStatus.CHANGES_REQUESTED}


@dataclass(frozen=True, kw_only=True)
class WaitingReview:
    """One line of the queue. `since` is when it was handed in, in UTC; `answers` those that say yes or no.

    `open_until` is None where nobody has it open, and `held_until` where reviews of the clinic are not held.
    """

    public_id: str
    clinic: ReviewedClinic
    reviewer: str
    since: datetime
    answers: int
    version: int
    status: ReviewStatus
    is_over_time: bool = False
    open_until: datetime | None = None
    is_mine: bool = False
    held_until: date | None = None
    decided_as: Action | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A page of what waits, the longest waiting first; `next` names the last where more follow.

    `number` is how many wait that one may decide, `overdue` how many of them longer than was promised, and `left_out`
    how many one may not.
    """

    view: View
    waiting: Sequence[WaitingReview]
    number: int
    overdue: int
    left_out: int
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What the author, by any of their accounts, said of a tie. `clinic` is another of the chain, or ""."""

    kind: TieKind
    declared_on: date
    ends_on: date | None
    clinic: str


@dataclass(frozen=True, kw_only=True)
class OpenedReview:
    """A review as a moderator sees it; one that was taken back has no answers. Declarations with the newest first.

    `echoes` are the criteria whose words stand alike in another person's review.
    """

    public_id: str
    clinic: ReviewedClinic
    reviewer: str
    checklist: str
    status: ReviewStatus
    version: int
    lease: Lease | None
    held_until: date | None
    since: datetime
    declarations: tuple[Declaration, ...]
    steps: tuple[Step, ...]
    answers: tuple[HandedIn, ...]
    echoes: frozenset[str]

    @property
    def is_waiting(self) -> bool:
        """Whether it can be decided now."""
        return self.status is ReviewStatus.SUBMITTED


def waiting(
    who: Actor, *, at: datetime, after: str = "", view: View = View.WAITING, only_overdue: bool = False
) -> Queue:
    """Return a page of the reviews that `who` may decide: those after the one named, or the first; three statements.

    Raises Forbidden for somebody without the role.
    """
    if refused := refusal(who, Permission.SEE_QUEUE):
        raise Forbidden(SENTENCES[refused])
    overdue = at - PROMISED
    with reading() as session:
        wanted = _wanted(who, view, at)
        if view is not View.DECIDED:
            place = _place(session, after)
            wanted = wanted.where(queries.follows(*place)) if place else wanted
            wanted = wanted.where(queries.handed_in_before(overdue)) if only_overdue else wanted
        rows = session.execute(wanted).all()
        found = [_line(row, who, at) for row in rows]
        number = session.execute(queries.numbers(who.voice, at.date(), overdue)).one()
    return Queue(
        view=view,
        waiting=found[:PAGE],
        number=number.open,
        overdue=number.overdue,
        left_out=number.all - number.open,
        next=found[PAGE - 1].public_id if len(found) > PAGE else None,
    )


def _wanted(who: Actor, view: View, at: datetime) -> Select[Any]:
    if view is View.DECIDED:
        return queries.decided_by(who.account_id, at - LATELY, PAGE)
    return queries.listed(who.voice, at.date(), _STATUSES[view], PAGE + 1)


def _place(session: Session, public_id: str) -> tuple[datetime, int] | None:
    found = session.execute(queries.place(public_id)).one_or_none() if is_public_id(public_id) else None
    return (found.submitted_at, found.id) if found and found.submitted_at else None


def look_at(review_id: str, who: Actor, *, at: datetime) -> OpenedReview:
    """Return a review that was handed in, for `who` to decide; nine statements.

    Raises Forbidden for one's own or a linked account's, and NotFound for one that was not handed in, for one of a
    clinic to which `who` has a tie, and for everything to somebody without the role.
    """
    with reading() as session:
        row = session.execute(queries.handed_in(review_id)).one_or_none() if is_public_id(review_id) else None
        if row is None:
            raise NotFound(_NO_SUCH)
        _refuse(session, row.Review, who, at.date())
        return OpenedReview(
            public_id=review_id,
            clinic=handed_in.clinic(row.Clinic),
            reviewer=pseudonym(row.author),
            checklist=row.Review.checklist_version,
            status=ReviewStatus(row.Review.status),
            version=row.Review.version,
            lease=_live(row.Review, at),
            held_until=abuse.held_until(session, row.Review.clinic_id, today=at.date()),
            since=in_utc(row.Review.submitted_at),
            declarations=_declarations(session, row.Review),
            steps=handed_in.steps(session, row.Review.id),
            answers=_answers(session, row.Review),
            echoes=abuse.echoes(session, row.Review),
        )


def pseudonym(public_id: str) -> str:
    """Return the name under which moderators know an account: six letters and digits, always the same."""
    digest = hashlib.sha256(public_id.encode()).digest()
    return base64.b32encode(digest).decode()[:_PSEUDONYM_LETTERS]


def _refuse(session: Session, review: Review, who: Actor, today: date) -> None:
    what = access.thing(session, who, Permission.DECIDE, moderation.about(session, review), today=today)
    problems = [refusal(who, permission, what) for permission in (Permission.READ_UNPUBLISHED, Permission.DECIDE)]
    if Refusal.OWN_WORK in problems:
        raise Forbidden(SENTENCES[Refusal.OWN_WORK])
    if any(problems):
        raise NotFound(_NO_SUCH)


def _live(review: Review, at: datetime) -> Lease | None:
    lease = lease_of(review)
    return lease if lease and lease.is_live(at) else None


def _declarations(session: Session, review: Review) -> tuple[Declaration, ...]:
    return tuple(
        Declaration(
            kind=TieKind(row.kind),
            declared_on=in_utc(row.declared_at).date(),
            ends_on=row.ends_on,
            clinic="" if row.clinic_id == review.clinic_id else row.clinic,
        )
        for row in session.execute(queries.declarations(review.author_id, review.clinic_id))
    )


def _answers(session: Session, review: Review) -> tuple[HandedIn, ...]:
    # What somebody took back before it was decided is nobody's to read.
    if review.status == ReviewStatus.WITHDRAWN:
        return ()
    return handed_in.answers(session, review.id, checklists.version(review.checklist_version))


def _line(row: Any, who: Actor, at: datetime) -> WaitingReview:
    lease, since = lease_of(row.Review), in_utc(row.Review.submitted_at)
    is_open, is_waiting = lease is not None and lease.is_live(at), row.Review.status == ReviewStatus.SUBMITTED
    decided = row._mapping  # noqa: SLF001 - SQLAlchemy's name for a row as a mapping
    return WaitingReview(
        public_id=row.Review.public_id,
        clinic=handed_in.clinic(row.Clinic),
        reviewer=pseudonym(row.author),
        since=since,
        answers=row.answers,
        version=row.Review.version,
        status=ReviewStatus(row.Review.status),
        is_over_time=is_waiting and is_over_time(since, at),
        open_until=lease.until if lease and is_open else None,
        is_mine=lease is not None and lease.is_of(who.account_id, at),
        held_until=decided.get("held_until"),
        decided_as=Action(decided["action"]) if "action" in decided else None,
        decided_at=in_utc(decided["at"]) if "at" in decided else None,
    )
