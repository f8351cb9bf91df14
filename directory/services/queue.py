"""What waits for a moderator, and one review as they see it; their own and what they are tied to left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from directory.domain.access import SENTENCES, Actor, Permission, Refusal, refusal
from directory.domain.errors import Forbidden, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.leases import PROMISED, Lease
from directory.domain.moderation import ReviewStatus
from directory.domain.ties import TieKind
from directory.domain.waiting import ItemKind
from directory.extensions import reading
from directory.models import Review
from directory.queries import queue as queries
from directory.services import abuse, access, checklists, claims, handed_in, moderation
from directory.services.audit import in_utc
from directory.services.handed_in import HandedIn, ReviewedClinic, Step
from directory.services.leased import live_lease_of
from directory.services.queue_lines import Asked, View, WaitingReview, Wanted, lines, pseudonym

#: So many items stand on one page.
PAGE = 50
_NO_SUCH = N_("There is no such review for you to decide.")


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A page of what waits, the longest waiting first; `next` names the last where more follow.

    `number` is how many wait that one may decide, `overdue` how many of them longer than was promised, and `left_out`
    how many one may not; `by_kind` parts `number`.
    """

    asked: Asked
    waiting: Sequence[WaitingReview]
    number: int
    overdue: int
    left_out: int
    by_kind: Mapping[ItemKind, int]
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


def waiting(who: Actor, asked: Asked | None = None, *, at: datetime, after: str = "") -> Queue:
    """Return a page of what `who` may decide: what follows the item named, or the first; four statements at the most.

    Raises Forbidden for somebody without the role.
    """
    if refused := refusal(who, Permission.SEE_QUEUE):
        raise Forbidden(SENTENCES[refused])
    asked = asked or Asked()
    has_pages = asked.view is not View.DECIDED
    with reading() as session:
        place = claims.place_of(session, after) if has_pages else None
        found = lines(session, who, Wanted(asked=asked, after=place, limit=PAGE + 1), at=at)
        numbers = session.execute(queries.numbers(who.voice, at.date(), at - PROMISED)).all()
    return Queue(
        asked=asked,
        waiting=found[:PAGE],
        number=sum(each.open for each in numbers),
        overdue=sum(each.overdue for each in numbers),
        left_out=sum(each.all - each.open for each in numbers),
        by_kind={ItemKind(each.kind): each.open for each in numbers},
        next=found[PAGE - 1].public_id if has_pages and len(found) > PAGE else None,
    )


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
            lease=live_lease_of(row.Review, at),
            held_until=abuse.held_until(session, row.Review.clinic_id, today=at.date()),
            since=in_utc(row.Review.submitted_at),
            declarations=declarations(session, row.Review.author_id, row.Review.clinic_id),
            steps=handed_in.steps(session, row.Review.id),
            answers=_answers(session, row.Review),
            echoes=abuse.echoes(session, row.Review),
        )


def _refuse(session: Session, review: Review, who: Actor, today: date) -> None:
    what = access.thing(session, who, Permission.DECIDE, moderation.about(session, review), today=today)
    problems = [refusal(who, permission, what) for permission in (Permission.READ_UNPUBLISHED, Permission.DECIDE)]
    if Refusal.OWN_WORK in problems:
        raise Forbidden(SENTENCES[Refusal.OWN_WORK])
    if any(problems):
        raise NotFound(_NO_SUCH)


def declarations(session: Session, author_id: int, clinic_id: int) -> tuple[Declaration, ...]:
    """Return what an author said of their tie to a clinic and its chain, the newest first; one statement."""
    return tuple(
        Declaration(
            kind=TieKind(row.kind),
            declared_on=in_utc(row.declared_at).date(),
            ends_on=row.ends_on,
            clinic="" if row.clinic_id == clinic_id else row.clinic,
        )
        for row in session.execute(queries.declarations(author_id, clinic_id))
    )


def _answers(session: Session, review: Review) -> tuple[HandedIn, ...]:
    # What somebody took back before it was decided is nobody's to read.
    if review.status == ReviewStatus.WITHDRAWN:
        return ()
    return handed_in.answers(session, review.id, checklists.version(review.checklist_version))
