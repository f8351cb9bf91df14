"""What an author sees of their own reviews: where each stands, why, and what of it counts until when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from sqlalchemy.orm import Session

from directory.domain.access import Actor, Permission, Thing, allows
from directory.domain.card import Entry, card
from directory.domain.checklist import Checklist
from directory.domain.errors import Forbidden, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import COUNTING, OPEN, Outcome, ReviewStatus
from directory.extensions import reading
from directory.models import Clinic, Review
from directory.queries import afterwards
from directory.queries import own_reviews as queries
from directory.services import checklists, handed_in, reviews, wishes
from directory.services.audit import in_utc
from directory.services.dossiers import gather
from directory.services.handed_in import HandedIn, ReviewedClinic, Step

#: So many reviews stand on one page.
PAGE = 50
_NO_SUCH = N_("There is no such review among yours.")


@dataclass(frozen=True, kw_only=True)
class OwnReview:
    """One line of the list; `changed` is when it was last saved, handed in or decided, in UTC."""

    public_id: str
    clinic: ReviewedClinic
    status: ReviewStatus
    changed: datetime


@dataclass(frozen=True)
class OwnReviews:
    """A page of one's own reviews, the newest first; `next` names the last where more follow."""

    reviews: Sequence[OwnReview]
    next: str | None


class Counts(Enum):
    """Whether an answer counts for the clinic, and why not."""

    YES = "yes"
    UNDECIDED = "undecided"
    NOT_APPROVED = "not_approved"
    SAYS_NOTHING = "says_nothing"
    DROPPED = "dropped"
    RAN_OUT = "ran_out"
    MENDED = "mended"
    REPLACED = "replaced"


@dataclass(frozen=True, kw_only=True)
class OwnAnswer:
    """An answer with what has become of it. `until` is the last day on which it counts, where it counts or did."""

    given: HandedIn
    counts: Counts
    until: date | None


@dataclass(frozen=True, kw_only=True)
class ShownReview:
    """One's own review, whole. `version` is what a withdrawal has seen, `saved` when its draft was saved, in UTC."""

    public_id: str
    clinic: ReviewedClinic
    checklist: str
    status: ReviewStatus
    version: int
    saved: datetime | None
    steps: tuple[Step, ...]
    answers: tuple[OwnAnswer, ...]
    #: Since when its author wishes it back, in UTC; None where they do not.
    wished: datetime | None


def mine(who: Actor, *, after: str = "") -> OwnReviews:
    """Return a page of the reviews and drafts of `who`: those after the one named, or the first; one statement."""
    after = after if is_public_id(after) else ""
    with reading() as session:
        rows = session.execute(queries.of_author(who.account_id, after=after, limit=PAGE + 1)).all()
        found = [_line(*row) for row in rows]
    return OwnReviews(found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else None)


def show(public_id: str, who: Actor, *, as_of: date) -> ShownReview:
    """Return a review of `who` as of a day; NotFound for any other. Eight statements at most."""
    with reading() as session:
        row = session.execute(queries.by_public_id(public_id)).one_or_none() if is_public_id(public_id) else None
        if row is None or not allows(who, Permission.READ_OWN_REVIEW, Thing(authors=frozenset({row.Review.author_id}))):
            raise NotFound(_NO_SUCH)
        return ShownReview(
            public_id=public_id,
            clinic=handed_in.clinic(row.Clinic),
            checklist=row.Review.checklist_version,
            status=ReviewStatus(row.Review.status),
            version=row.Review.version,
            saved=in_utc(row.saved_at) if row.saved_at else None,
            steps=handed_in.steps(session, row.Review.id),
            answers=_answers(session, row.Review, row.Clinic.successor_id or row.Clinic.id, as_of),
            wished=_wished(session, row.Review),
        )


def take_back(public_id: str, who: Actor, *, seen_version: int, at: datetime) -> None:
    """Withdraw an undecided review of `who`; NotFound for any other, InvalidTransition and Conflict as withdraw()."""
    try:
        reviews.withdraw(public_id, author_id=who.account_id, seen_version=seen_version, at=at)
    except Forbidden:
        raise NotFound(_NO_SUCH) from None


def wish_back(public_id: str, who: Actor, *, words: str, seen_version: int, at: datetime) -> None:
    """Ask to have an approved review of `who` back; NotFound for any other, and what wishes.ask() raises."""
    try:
        wishes.ask(public_id, words=words, author_id=who.account_id, seen_version=seen_version, at=at)
    except Forbidden:
        raise NotFound(_NO_SUCH) from None


def drop_wish(public_id: str, who: Actor, *, seen_version: int, at: datetime) -> None:
    """Take that back; NotFound for any other review, Conflict where nothing is wished any more."""
    try:
        wishes.drop(public_id, author_id=who.account_id, seen_version=seen_version, at=at)
    except Forbidden:
        raise NotFound(_NO_SUCH) from None


def _wished(session: Session, review: Review) -> datetime | None:
    wish = session.scalar(afterwards.open_wish(review.id)) if review.status in COUNTING else None
    return in_utc(wish.at) if wish else None


def _line(review: Review, clinic: Clinic, saved_at: datetime | None, decided_at: datetime | None) -> OwnReview:
    moments = [in_utc(at) for at in (review.created_at, saved_at, decided_at) if at]
    return OwnReview(
        public_id=review.public_id,
        clinic=handed_in.clinic(clinic),
        status=ReviewStatus(review.status),
        changed=max(moments),
    )


def _answers(session: Session, review: Review, listing_id: int, as_of: date) -> tuple[OwnAnswer, ...]:
    checklist = checklists.version(review.checklist_version)
    entries = _entries(session, listing_id, checklist, as_of) if review.status in COUNTING else []
    counting = {answer.answer_id for entry in entries for answer in entry.counting}
    former = {answer.answer_id for entry in entries for answer in entry.former}
    return tuple(
        _own(answer, ReviewStatus(review.status), (counting, former), as_of)
        for answer in handed_in.answers(session, review.id, checklist)
    )


def _entries(session: Session, clinic_id: int, checklist: Checklist, as_of: date) -> Iterable[Entry]:
    shown = card(checklist, gather(session, [clinic_id])[clinic_id], as_of)
    return (*shown.signs, *shown.safeguards)


def _own(answer: HandedIn, status: ReviewStatus, kept: tuple[set[int], set[int]], as_of: date) -> OwnAnswer:
    counting, former = kept
    until = answer.observed_on + timedelta(days=answer.criterion.shelf_days) if answer.observed_on else None
    is_dropped = answer.judgement is not None and answer.judgement.outcome is Outcome.DROPPED
    reasons = {
        Counts.SAYS_NOTHING: until is None,
        Counts.UNDECIDED: status in OPEN,
        Counts.NOT_APPROVED: status not in COUNTING,
        Counts.DROPPED: is_dropped,
        Counts.YES: answer.answer_id in counting,
        Counts.RAN_OUT: until is not None and until < as_of,
        Counts.MENDED: answer.answer_id in former,
    }
    found = next((counts for counts, is_so in reasons.items() if is_so), Counts.REPLACED)
    return OwnAnswer(given=answer, counts=found, until=until)
