"""What moderators see of approved reviews that somebody wishes back, or voted to make void."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.domain.access import SENTENCES, Actor, Permission, refusal
from directory.domain.errors import Forbidden, NotFound
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import COUNTING, ReviewStatus
from directory.extensions import reading
from directory.models import Review
from directory.queries import afterwards as queries
from directory.queries import reviews
from directory.services import access, handed_in, voids
from directory.services.audit import in_utc
from directory.services.handed_in import ReviewedClinic
from directory.services.moderation import about
from directory.services.queue_lines import pseudonym
from directory.services.voids import PastVote


@dataclass(frozen=True)
class Wished:
    """Since when, in UTC, the author wishes a review back, and why, if they said."""

    since: datetime
    words: str


@dataclass(frozen=True, kw_only=True)
class Afterwards:
    """What was asked about an approved review since: votes to make it void, and the wish of its author."""

    votes: Sequence[PastVote]
    wish: Wished | None

    @property
    def has_voted(self) -> bool:
        """Whether one of the votes is that of whoever looks."""
        return any(vote.is_mine for vote in self.votes)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An approved review about which something is asked, since when, and whether whoever looks had a part in it."""

    public_id: str
    clinic: ReviewedClinic
    reviewer: str
    version: int
    since: datetime
    is_mine: bool = False


@dataclass(frozen=True)
class Pending:
    """The approved reviews that authors wish back, and those with one vote to make them void; the oldest first."""

    wished: Sequence[Asked]
    voted_on: Sequence[Asked]


def of_review(review_id: str, who: Actor, *, at: datetime) -> Afterwards:
    """Return what is asked about a review, nothing for one that does not count; six statements.

    Raises NotFound, and Forbidden for one's own, a tie or a missing role.
    """
    with reading() as session:
        review = session.scalar(reviews.by_public_id(review_id)) if is_public_id(review_id) else None
        if review is None:
            raise NotFound(N_("There is no such review."))
        access.require(session, Permission.VOID, who.account_id, about(session, review), at=at)
        if ReviewStatus(review.status) not in COUNTING:
            return Afterwards(votes=(), wish=None)
        return Afterwards(votes=voids.past(session, review, who), wish=_wish(session, review))


def pending(who: Actor, *, at: datetime) -> Pending:
    """Return the approved reviews about which something is asked and on which `who` may decide; two statements.

    Raises Forbidden for somebody without the role.
    """
    if refused := refusal(who, Permission.VOID):
        raise Forbidden(SENTENCES[refused])
    with reading() as session:
        return Pending(
            [_asked(row) for row in session.execute(queries.wished(who.voice, at.date()))],
            [_asked(row, is_mine=row.is_mine) for row in session.execute(queries.voted_on(who.voice, at.date()))],
        )


def _wish(session: Session, review: Review) -> Wished | None:
    wish = session.scalar(queries.open_wish(review.id))
    return Wished(in_utc(wish.at), wish.words) if wish else None


def _asked(row: Any, *, is_mine: bool = False) -> Asked:
    return Asked(
        public_id=row.Review.public_id,
        clinic=handed_in.clinic(row.Clinic),
        reviewer=pseudonym(row.author),
        version=row.Review.version,
        since=in_utc(row.since),
        is_mine=bool(is_mine),
    )
