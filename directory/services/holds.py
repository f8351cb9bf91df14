"""Holds the new reviews of a clinic: by itself after a burst, or because a moderator says so; and ends that."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from directory.domain.abuse import LONGEST_HOLD, Entered, HoldReason, check_words, held_until, is_burst
from directory.domain.access import Permission
from directory.domain.errors import Conflict
from directory.domain.labels import N_
from directory.models import Clinic, Hold
from directory.queries import abuse as queries
from directory.services import access, audit
from directory.services.access import About
from directory.services.audit import in_utc
from directory.services.moderation import listed

_WEEK = timedelta(days=7)


def watch(session: Session, clinic_id: int, *, at: datetime) -> None:
    """Hold the reviews of a clinic where those of the last seven days are a burst; what came before a hold is past.

    Runs in the turn in which a review was handed in.
    """
    week_ago = at - _WEEK
    ends = [_ended(each) for each in session.scalars(queries.holds_since(clinic_id, week_ago.date()))]
    if any(end > at for end in ends):
        return
    since = max([week_ago, *ends])
    rows = session.execute(queries.handed_in_about(clinic_id, since))
    if is_burst([Entered(in_utc(row.at), row.actor_id, in_utc(row.created_at)) for row in rows], at):
        until = held_until(at.date())
        _begin(session, Hold(clinic_id=clinic_id, began_at=at, until=until, why=HoldReason.BURST))


def hold(clinic: str, *, days: int = LONGEST_HOLD, words: str, moderator_id: int, at: datetime) -> date:
    """Hold the reviews of a clinic for so many days, and return the day on which they are decided again.

    Raises NotFound, InvalidParameter for missing words or other than 1 to 14 days, Forbidden for a tie, a review of
    one's own that waits or a missing role, and Conflict where they are held already.
    """
    check_words(words)
    until = held_until(at.date(), days)
    with audit.turn() as session:
        row = listed(session, clinic)
        _require(session, row, moderator_id, at)
        if session.scalars(queries.live_holds(row.id, at.date())).first():
            raise Conflict(N_("New reviews of this clinic are held already."))
        _begin(session, Hold(clinic_id=row.id, began_at=at, until=until, why=HoldReason.MODERATOR,
                             by_id=moderator_id, words=words))  # fmt: skip
        return until


def end(clinic: str, *, words: str, moderator_id: int, at: datetime) -> None:
    """End the hold of a clinic, by whichever listing; raises what hold() raises, and Conflict where nothing is held."""
    check_words(words)
    with audit.turn() as session:
        row = listed(session, clinic)
        _require(session, row, moderator_id, at)
        holds = session.scalars(queries.live_holds(row.id, at.date())).all()
        if not holds:
            raise Conflict(N_("New reviews of this clinic are not held."))
        for held in holds:
            held.ended_at, held.ended_by_id, held.ended_words = at, moderator_id, words
            session.flush()
            body: dict[str, object] = {"hold": held.id, "clinic": held.clinic_id}
            audit.enter(session, "end_hold", actor_id=moderator_id, at=at, body=body)


def _require(session: Session, clinic: Clinic, moderator_id: int, at: datetime) -> None:
    # Whoever has a review waiting here would decide when it is looked at.
    voices = frozenset(session.scalars(queries.waiting_voices(clinic.id)))
    access.require(session, Permission.HOLD, moderator_id, About(clinic_id=clinic.id, voices=voices), at=at)


def _begin(session: Session, hold: Hold) -> None:
    session.add(hold)
    session.flush()
    body: dict[str, object] = {
        "hold": hold.id, "clinic": hold.clinic_id, "why": hold.why, "until": hold.until.isoformat()
    }  # fmt: skip
    audit.enter(session, "hold", actor_id=hold.by_id, at=hold.began_at, body=body)


def _ended(hold: Hold) -> datetime:
    """Return the moment at which a hold ended, or will by itself."""
    return in_utc(hold.ended_at) if hold.ended_at else datetime.combine(hold.until, time(), UTC)
