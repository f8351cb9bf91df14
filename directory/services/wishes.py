"""Wishes to have an approved review back: its author asks, a moderator does it, or the author thinks better of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidParameter
from directory.domain.labels import N_
from directory.domain.mail import Site
from directory.domain.moderation import LONGEST_REASON, Action, ReviewStatus, after
from directory.domain.texts import NOT_PLAIN, is_plain
from directory.models import Review, Wish
from directory.queries import afterwards as queries
from directory.services import access, audit, letters, scores
from directory.services.moderation import Act, about, move, reviewed

_ASKED = N_("You have asked for that already.")
_NOT_ASKED = N_("Nobody asks any more that this review be taken back.")


def ask(review_id: str, *, words: str, author_id: int, seen_version: int, at: datetime) -> None:
    """Ask to have one's own approved review back; `words` may say why, or be "".

    Raises NotFound, Forbidden for somebody else's, InvalidParameter for words that cannot be used, InvalidTransition
    for a review that does not count, and Conflict where it changed since `seen_version` or one has asked before.
    """
    _check(words)
    with audit.turn() as session:
        review = reviewed(session, review_id, seen_version)
        _require_author(session, review, author_id, at)
        after(ReviewStatus(review.status), Action.WITHDRAW_AFTER)
        if session.scalar(queries.open_wish(review.id)):
            raise Conflict(_ASKED)
        wish = Wish(review_id=review.id, by_id=author_id, words=words, at=at)
        session.add(wish)
        session.flush()
        _note(session, "wish_back", wish, author_id, at)


def drop(review_id: str, *, author_id: int, seen_version: int, at: datetime) -> None:
    """Take one's wish back; raises NotFound, Forbidden for somebody else's, and Conflict where there is none now."""
    with audit.turn() as session:
        review = reviewed(session, review_id, seen_version)
        _require_author(session, review, author_id, at)
        wish = _open(session, review)
        wish.ended_at = at
        session.flush()
        _note(session, "wish_dropped", wish, author_id, at)


def grant(review_id: str, *, moderator_id: int, seen_version: int, at: datetime, site: Site | None = None) -> None:
    """Take an approved review back as its author wishes: its answers stop counting, and the author is told.

    `site` is where they read it; without one no letter is sent. Raises NotFound, Forbidden for one's own work, a tie
    or a missing role, InvalidTransition where the review does not count, and Conflict where it changed since
    `seen_version` or nobody wishes it back.
    """
    with audit.turn() as session:
        review = reviewed(session, review_id, seen_version)
        access.require(session, Permission.DECIDE, moderator_id, about(session, review), at=at)
        _open(session, review)
        decision = move(session, review, Act(action=Action.WITHDRAW_AFTER, actor_id=moderator_id, at=at))
        session.execute(queries.wish_ended(review.id, at))
        if site:
            letters.tell_author(session, decision, site)
        scores.restate(session, [review.clinic_id], at=at)


def _check(words: str) -> None:
    if len(words) > LONGEST_REASON:
        raise InvalidParameter("words", N_("Shorten it to 1,000 characters."))
    if not is_plain(words):
        raise InvalidParameter("words", NOT_PLAIN)


def _require_author(session: Session, review: Review, author_id: int, at: datetime) -> None:
    access.require(session, Permission.WITHDRAW_REVIEW, author_id, about(session, review), at=at)


def _open(session: Session, review: Review) -> Wish:
    wish = session.scalar(queries.open_wish(review.id))
    if wish is None:
        raise Conflict(_NOT_ASKED)
    return wish


def _note(session: Session, action: str, wish: Wish, actor_id: int, at: datetime) -> None:
    audit.enter(session, action, actor_id=actor_id, at=at, body={"wish": wish.id, "review": wish.review_id})
