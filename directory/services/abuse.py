"""Holds against brigades: how often somebody hands in, what waits while a clinic is held, whose words are the same."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from directory.domain.abuse import DAYS_BETWEEN, free_from, next_of_clinic
from directory.domain.errors import Conflict, Forbidden
from directory.domain.labels import N_
from directory.domain.moderation import ReviewStatus
from directory.models import Review
from directory.queries import abuse as queries
from directory.queries import reviews
from directory.services.audit import in_utc

_TOO_FAST = N_(
    "You have handed in as many reviews as one person can in so short a time. Hand this one in from %(day)s on; "
    "your draft is kept."
)
_TOO_SOON = N_(
    "You have handed in a review of this clinic within the last 90 days. Hand the next in from %(day)s on; "
    "your draft is kept."
)
_HELD = N_(
    "New reviews of this clinic are held until %(day)s, because there was unusual activity. Look into that, and end "
    "the hold or wait."
)


def refuse_haste(session: Session, author_id: int, clinic_id: int, *, at: datetime) -> None:
    """Raise Forbidden, naming the day from which it works, where somebody hands in too many reviews in a short time.

    What is handed in again because a moderator asked for changes is not held against this.
    """
    today = at.date()
    before = session.execute(queries.handed_in_by(author_id, at - timedelta(days=DAYS_BETWEEN))).all()
    free = free_from([in_utc(row.at).date() for row in before], today)
    if free > today:
        raise Forbidden(_TOO_FAST, day=free)
    # What was taken back before anybody decided it leaves room for another, and an approved one for an update.
    of_clinic = [row for row in before if row.clinic_id == clinic_id and row.status != ReviewStatus.WITHDRAWN]
    if of_clinic and not session.scalar(reviews.newest_approved(author_id, clinic_id)):
        free = next_of_clinic(max(in_utc(row.at).date() for row in of_clinic))
        if free > today:
            raise Forbidden(_TOO_SOON, day=free)


def refuse_while_held(session: Session, clinic_id: int, *, at: datetime) -> None:
    """Raise Conflict, naming the day on which the hold ends, where the reviews of a clinic are not decided now."""
    until = held_until(session, clinic_id, today=at.date())
    if until:
        raise Conflict(_HELD, day=until)


def held_until(session: Session, clinic_id: int, *, today: date) -> date | None:
    """Return the first day on which reviews of a clinic are decided again; None where they are not held."""
    hold = session.scalars(queries.live_holds(clinic_id, today)).first()
    return hold.until if hold else None


def echoes(session: Session, review: Review) -> frozenset[str]:
    """Return the criteria of a review whose quote and note say the same as those of a review by another voice.

    That may be of this clinic or any other, and handed in or approved. Two people who quote one page say the same as
    well: it is for a moderator to look at, and no fault by itself. One statement.
    """
    return frozenset(session.scalars(queries.echoed(review.id)))
