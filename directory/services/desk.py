"""One clinic as moderators see it: whether its new reviews are held, and every review of it that was handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.access import SENTENCES, Actor, Permission, Refusal, refusal
from directory.domain.errors import Forbidden, NotFound
from directory.domain.moderation import ReviewStatus
from directory.domain.profile import NOT_LISTED
from directory.extensions import reading
from directory.models import Clinic
from directory.queries import abuse
from directory.queries import afterwards as queries
from directory.services import access, handed_in
from directory.services.access import About
from directory.services.audit import in_utc
from directory.services.handed_in import ReviewedClinic
from directory.services.moderation import listed
from directory.services.queue_lines import pseudonym

#: So many reviews are listed, the newest.
MOST_REVIEWS = 100


@dataclass(frozen=True, kw_only=True)
class PastReview:
    """A review that was handed in, without its words; `is_own` of whoever looks, or of an account linked to theirs."""

    public_id: str
    reviewer: str
    since: datetime
    status: ReviewStatus
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class CurrentHold:
    """Since when, and until which day, new reviews wait; `words` are the moderator's, "" where it came by itself."""

    since: date
    until: date
    words: str


@dataclass(frozen=True, kw_only=True)
class OpenedClinic:
    """A clinic with its reviews, the newest first; `may_hold` is not for whoever has a review that waits here."""

    clinic: ReviewedClinic
    hold: CurrentHold | None
    may_hold: bool
    reviews: Sequence[PastReview]


def look_at(clinic: str, who: Actor, *, at: datetime) -> OpenedClinic:
    """Return a published clinic; six statements.

    Raises NotFound for any other, also for one to which `who` has a tie, and Forbidden for somebody without the role.
    """
    if refused := refusal(who, Permission.HOLD):
        raise Forbidden(SENTENCES[refused])
    with reading() as session:
        row = listed(session, clinic)
        refused = _refused(session, row, who, at)
        if refused is Refusal.TIE:
            raise NotFound(NOT_LISTED)
        return OpenedClinic(
            clinic=handed_in.clinic(row),
            hold=_hold(session, row, at.date()),
            may_hold=refused is None,
            reviews=[_review(each, who) for each in session.execute(queries.of_clinic(row.id, MOST_REVIEWS))],
        )


def _refused(session: Session, clinic: Clinic, who: Actor, at: datetime) -> Refusal | None:
    for about in (About(clinic_id=clinic.id), _with_waiting(session, clinic)):
        what = access.thing(session, who, Permission.HOLD, about, today=at.date())
        if refused := refusal(who, Permission.HOLD, what):
            return refused
    return None


def _with_waiting(session: Session, clinic: Clinic) -> About:
    return About(clinic_id=clinic.id, voices=frozenset(session.scalars(abuse.waiting_voices(clinic.id))))


def _hold(session: Session, clinic: Clinic, today: date) -> CurrentHold | None:
    hold = session.scalars(abuse.live_holds(clinic.id, today)).first()
    return CurrentHold(since=in_utc(hold.began_at).date(), until=hold.until, words=hold.words) if hold else None


def _review(row: Any, who: Actor) -> PastReview:
    return PastReview(
        public_id=row.Review.public_id,
        reviewer=pseudonym(row.author),
        since=in_utc(row.Review.submitted_at),
        status=ReviewStatus(row.Review.status),
        is_own=row.voice == who.voice,
    )
