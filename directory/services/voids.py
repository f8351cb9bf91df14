"""Makes approved reviews void: two people find, each for themselves, that the approval was a mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.domain.access import Actor, Permission
from directory.domain.errors import Conflict
from directory.domain.labels import N_
from directory.domain.mail import Site
from directory.domain.moderation import PEOPLE_TO_VOID, Action, Reason, ReviewStatus, after, check_reason
from directory.models import Review, VoidVote
from directory.queries import afterwards as queries
from directory.services import access, audit, letters, scores
from directory.services.moderation import Act, about, move, reviewed

_TWICE = N_("You have voted so before. It takes somebody else.")


@dataclass(frozen=True, kw_only=True)
class Vote:
    """Why somebody finds that an approval was a mistake. `site` is where the author reads what comes of it.

    Without one no letter is sent.
    """

    reason: Reason | None
    words: str
    site: Site | None = None


@dataclass(frozen=True, kw_only=True)
class PastVote:
    """A vote without the name of who gave it; `is_mine` for whoever looks."""

    reason: Reason
    words: str
    is_mine: bool


def vote(review_id: str, given: Vote, *, moderator_id: int, seen_version: int, at: datetime) -> bool:
    """Vote to make an approved review void, and return whether it is that now: the second person's vote does it.

    Its answers stop counting then, and its author is sent the reasons. The first vote alone changes nothing that is
    public. Raises NotFound, InvalidParameter for a missing reason, Forbidden for one's own work, a tie or a missing
    role, InvalidTransition where the review does not count, and Conflict where it changed since `seen_version` or one
    voted before.
    """
    check_reason(Action.VOID, given.reason, given.words)
    with audit.turn() as session:
        review = reviewed(session, review_id, seen_version)
        who = access.require(session, Permission.VOID, moderator_id, about(session, review), at=at)
        after(ReviewStatus(review.status), Action.VOID)
        voices = {row.voice for row in session.execute(queries.votes(review.id))}
        if who.voice in voices:
            raise Conflict(_TWICE)
        _enter(session, review, given, moderator_id, at)
        if len(voices | {who.voice}) < PEOPLE_TO_VOID:
            return False
        act = Act(action=Action.VOID, actor_id=moderator_id, at=at, reason=given.reason, words=given.words)
        decision = move(session, review, act)
        session.execute(queries.wish_ended(review.id, at))
        if given.site:
            letters.tell_author(session, decision, given.site)
        scores.restate(session, [review.clinic_id], at=at)
        return True


def past(session: Session, review: Review, who: Actor) -> Sequence[PastVote]:
    """Return the votes to make a review void, the oldest first; one statement."""
    return tuple(
        PastVote(reason=Reason(row.VoidVote.reason_code), words=row.VoidVote.words, is_mine=row.voice == who.voice)
        for row in session.execute(queries.votes(review.id))
    )


def _enter(session: Session, review: Review, given: Vote, by_id: int, at: datetime) -> None:
    row = VoidVote(review_id=review.id, by_id=by_id, reason_code=given.reason, words=given.words, at=at)
    session.add(row)
    session.flush()
    audit.enter(session, "vote_void", actor_id=by_id, at=at, body={"vote": row.id, "review": review.id})
