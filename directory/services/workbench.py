"""What a moderator works with beside a review: what is published now, and what an approval would do to the score."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from directory.domain import dossier as dossiers
from directory.domain.cases import Case
from directory.domain.checklist import Value
from directory.domain.dossier import Approved, Dossier, Look
from directory.domain.errors import NotFound
from directory.domain.findings import TESTIMONY, VERIFIABLE
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import Outcome
from directory.extensions import reading
from directory.models import Review, ReviewAnswer
from directory.queries import accounts
from directory.queries import reviews as queries
from directory.services import checklists
from directory.services.dossiers import gather

_SAYS_SOMETHING = (Value.YES, Value.NO)


@dataclass(frozen=True, kw_only=True)
class Published:
    """An answer that counts on the clinic's page now; `is_followed` says that its author is that of the new one."""

    value: Value
    tier: int
    observed_on: date
    is_followed: bool


@dataclass(frozen=True)
class Preview:
    """The scoring case of a clinic as it stands, and as an approval would leave it."""

    now: Case
    afterwards: Case


def published(review_id: str, *, at: datetime) -> dict[str, tuple[Published, ...]]:
    """Return what counts now on each criterion of a review's clinic, in the order of entry; four statements."""
    with reading() as session:
        review, listing_id = _reviewed(session, review_id)
        found = gather(session, [listing_id])[listing_id]
        standing = dossiers.standing(checklists.current(), found, at.date())
        shown: dict[str, tuple[Published, ...]] = {}
        for each in standing:
            shown[each.criterion] = (*shown.get(each.criterion, ()), _published(each, review))
        return shown


def preview(
    review_id: str, outcomes: Mapping[str, Outcome], seen: Collection[str], *, moderator_id: int, at: datetime
) -> Preview:
    """Return what the clinic's score is made of, and what it would be made of after such an approval; writes nothing.

    `outcomes` has what is decided on each answer; one that is not in it is left out. Seven statements.
    """
    with reading() as session:
        review, listing_id = _reviewed(session, review_id)
        found = gather(session, [listing_id])[listing_id]
        look = Look(moderator_id, _voice(session, moderator_id), at.date())
        new = _would_be(session, review, outcomes, look, seen)
    checklist, as_of = checklists.current(), at.date()
    answers = sorted([*found.answers, *new], key=lambda each: (each.review_id, each.answer_id))
    afterwards = Dossier(answers, found.rulings)
    return Preview(dossiers.case(checklist, found, as_of), dossiers.case(checklist, afterwards, as_of))


def _would_be(
    session: Session, review: Review, outcomes: Mapping[str, Outcome], look: Look, seen: Collection[str]
) -> Sequence[Approved]:
    voice_id = _voice(session, review.author_id)
    answers = session.scalars(queries.answers_of(review.id))
    kept = [_approved(row, review, voice_id, outcomes[row.criterion]) for row in answers if _is_kept(row, outcomes)]
    return [replace(each, looks=(look,)) if _is_seen(each, outcomes, seen) else each for each in kept]


def _is_kept(row: ReviewAnswer, outcomes: Mapping[str, Outcome]) -> bool:
    is_dropped = outcomes.get(row.criterion, Outcome.DROPPED) is Outcome.DROPPED
    return row.value in _SAYS_SOMETHING and not is_dropped


def _is_seen(answer: Approved, outcomes: Mapping[str, Outcome], seen: Collection[str]) -> bool:
    is_as_given = outcomes[answer.criterion] is Outcome.ACCEPTED
    return is_as_given and answer.criterion in seen and answer.tier == VERIFIABLE


def _approved(row: ReviewAnswer, review: Review, voice_id: int, outcome: Outcome) -> Approved:
    return Approved(
        answer_id=row.id,
        review_id=review.id,
        author_id=review.author_id,
        voice_id=voice_id,
        version=row.checklist_version,
        criterion=row.criterion,
        value=Value(row.value),
        tier=TESTIMONY if outcome is Outcome.TESTIMONY else row.tier or TESTIMONY,
        observed_on=row.observed_on or date.min,
    )


def _voice(session: Session, account_id: int) -> int:
    return session.scalars(accounts.voices([account_id])).one()


def _published(answer: Approved, review: Review) -> Published:
    return Published(
        value=answer.value,
        tier=answer.tier,
        observed_on=answer.observed_on,
        is_followed=answer.author_id == review.author_id,
    )


def _reviewed(session: Session, review_id: str) -> tuple[Review, int]:
    """Return a review and the listing for which it counts."""
    wanted = queries.with_listing(review_id)
    found = session.execute(wanted).one_or_none() if is_public_id(review_id) else None
    if found is None:
        raise NotFound(N_("There is no such review."))
    return found.Review, found.listing_id
