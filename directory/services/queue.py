"""What waits for a moderator, and one review as they see it; their own and what they are tied to left out."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.access import SENTENCES, Actor, Permission, Refusal, refusal
from directory.domain.errors import Forbidden, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import ReviewStatus
from directory.domain.ties import TieKind
from directory.extensions import reading
from directory.models import Review
from directory.queries import queue as queries
from directory.services import access, checklists, handed_in, moderation
from directory.services.audit import in_utc
from directory.services.handed_in import HandedIn, ReviewedClinic, Step

#: So many reviews stand on one page.
PAGE = 50
_PSEUDONYM_LETTERS = 6
_NO_SUCH = N_("There is no such review for you to decide.")


@dataclass(frozen=True, kw_only=True)
class WaitingReview:
    """One line of the queue. `since` is when it was handed in, in UTC; `answers` those that say yes or no."""

    public_id: str
    clinic: ReviewedClinic
    reviewer: str
    since: datetime
    answers: int


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A page of what waits, the longest waiting first; `next` names the last where more follow.

    `number` is how many wait that one may decide, `left_out` how many one may not.
    """

    waiting: Sequence[WaitingReview]
    number: int
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
    """A review as a moderator sees it; one that was taken back has no answers. Declarations with the newest first."""

    public_id: str
    clinic: ReviewedClinic
    reviewer: str
    checklist: str
    status: ReviewStatus
    version: int
    since: datetime
    declarations: tuple[Declaration, ...]
    steps: tuple[Step, ...]
    answers: tuple[HandedIn, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether it can be decided now."""
        return self.status is ReviewStatus.SUBMITTED


def waiting(who: Actor, *, at: datetime, after: str = "") -> Queue:
    """Return a page of the reviews that `who` may decide: those after the one named, or the first; two statements.

    Raises Forbidden for somebody without the role.
    """
    if refused := refusal(who, Permission.SEE_QUEUE):
        raise Forbidden(SENTENCES[refused])
    after = after if is_public_id(after) else ""
    with reading() as session:
        rows = session.execute(queries.waiting(who.voice, at.date(), after=after, limit=PAGE + 1)).all()
        found = [_line(row) for row in rows]
        number = session.execute(queries.numbers(who.voice, at.date())).one()
    return Queue(
        waiting=found[:PAGE],
        number=number.open,
        left_out=number.all - number.open,
        next=found[PAGE - 1].public_id if len(found) > PAGE else None,
    )


def look_at(review_id: str, who: Actor, *, at: datetime) -> OpenedReview:
    """Return a review that was handed in, for `who` to decide; seven statements.

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
            since=in_utc(row.Review.submitted_at),
            declarations=_declarations(session, row.Review),
            steps=handed_in.steps(session, row.Review.id),
            answers=_answers(session, row.Review),
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


def _line(row: Any) -> WaitingReview:
    return WaitingReview(
        public_id=row.Review.public_id,
        clinic=handed_in.clinic(row.Clinic),
        reviewer=pseudonym(row.author),
        since=in_utc(row.Review.submitted_at),
        answers=row.answers,
    )
