"""Lets reviews lapse whose authors were asked for changes and made none."""

from datetime import UTC, datetime, time, timedelta

from directory.domain.moderation import DAYS_TO_CHANGE, Action
from directory.queries import afterwards as queries
from directory.services import audit
from directory.services.moderation import Act, move


def lapse(*, at: datetime) -> int:
    """Withdraw the reviews that wait DAYS_TO_CHANGE days for the changes asked for, and return how many.

    The record names the author as the one who acts: the review is theirs, nobody decided on it, and what ends it is
    that they did nothing.
    """
    day = timedelta(days=1)
    after_it = datetime.combine(at.date() - (DAYS_TO_CHANGE - 1) * day, time(), UTC)
    with audit.turn() as session:
        due = session.scalars(queries.unchanged_since(after_it)).all()
        for review in due:
            move(session, review, Act(action=Action.LAPSE, actor_id=review.author_id, at=at))
    return len(due)
