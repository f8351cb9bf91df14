"""Keeps what somebody typed into the form of a review until it is handed in, and loses none of it on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from directory.domain import drafts, examining
from directory.domain.checklist import Checklist
from directory.domain.drafts import CHECKLIST, DAYS_KEPT, Fields, GivenAnswer
from directory.domain.errors import Conflict, Forbidden, InvalidParameter
from directory.domain.identifiers import website
from directory.domain.labels import N_, Sentence
from directory.domain.moderation import WRITABLE, ReviewStatus
from directory.domain.ties import TieKind
from directory.extensions import writing
from directory.models import Clinic, Review, ReviewDraft
from directory.models.review import LONGEST_DRAFT
from directory.queries import accounts
from directory.queries import reviews as queries
from directory.services import abuse, audit, reviews
from directory.services.moderation import listed
from directory.services.review_forms import Stored, about_of, given, merged, new_key, of_form, stored_of
from directory.services.reviews import Submission

_OVERTAKEN = N_("This review was saved in another window after you opened this one. Nothing of either is lost.")
_HANDED_IN = N_("This review was handed in or taken back in another window. What you typed here is not part of it.")
_ANOTHER = N_("You have another review of this clinic that is not decided yet, so nothing was put in its place.")
_TOO_LONG = N_("This is more than a draft can hold. Shorten the longest of your quotes and notes.")


class Overtaken(Conflict):
    """Another window saved something else meanwhile; `stored` is that, and nothing was written."""

    def __init__(self, stored: Stored) -> None:
        super().__init__(_OVERTAKEN)
        self.stored = stored


class HandedIn(Conflict):
    """The review was handed in or taken back meanwhile, and not as it stands here; `review` is its public id."""

    def __init__(self, review: str) -> None:
        super().__init__(_HANDED_IN)
        self.review = review


class NotReady(InvalidParameter):
    """Something keeps the review from being handed in: `problems` by field. What was typed is kept in `stored`."""

    def __init__(self, problems: dict[str, Sentence]) -> None:
        super().__init__(next(iter(problems)), "%(problem)s", problem=next(iter(problems.values())))
        self.problems = problems
        self.stored: Stored | None = None


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A form as it was sent: by whom, about what, with which key, and the version of the draft that they had seen."""

    clinic: str
    author_id: int
    fields: Fields
    key: str
    seen_version: int

    @property
    def tie(self) -> TieKind:
        """What the author says of their tie; none where the form does not say."""
        said = self.fields.get("tie", "")
        return TieKind(said) if said in set(TieKind) else TieKind.NONE


def save(filled: Filled, checklist: Checklist, *, at: datetime) -> Stored:
    """Keep what was typed, right or wrong, and return the draft as it is kept now.

    Raises Overtaken where another window saved something else, HandedIn where the review was handed in, NotFound for a
    clinic that is not public, InvalidParameter for more than a draft can hold. Saving the same again is a no-op.
    """
    with writing() as session:
        session.execute(queries.locked(filled.author_id))
        return _kept(session, filled, checklist, at)


def submit(filled: Filled, checklist: Checklist, *, at: datetime) -> str:
    """Hand the review in, and return its public id; the same form sent again returns the same.

    Raises what save() raises, NotReady for what is missing or wrong, and what services.reviews.submit() raises. What
    was typed is kept as the draft in each of these cases but those of save().
    """
    try:
        if filled.tie.bars_reviewing:
            # It notes the tie, and refuses what was not handed in long ago.
            raise HandedIn(reviews.submit(_submission(filled, checklist), author_id=filled.author_id, at=at))
        with audit.turn() as session:
            return _hand_in(session, filled, checklist, at=at)
    except (Forbidden, NotReady, InvalidParameter) as refusal:
        stored = save(filled, checklist, at=at)
        if isinstance(refusal, NotReady):
            refusal.stored = stored
        raise


def discard(clinic: str, author_id: int, *, seen_version: int) -> None:
    """Throw the draft away; Overtaken where another window saved something else meanwhile, a no-op without a draft."""
    with writing() as session:
        session.execute(queries.locked(author_id))
        review = session.scalar(queries.open_of(author_id, of_form(session, clinic).id))
        stored = stored_of(session, review) if review else None
        if review is None or stored is None or not stored.version:
            return
        if stored.version != seen_version:
            raise Overtaken(stored)
        _drop(session, review)


def take_over(filled: Filled, checklist: Checklist, *, at: datetime) -> str:
    """Make what was typed about a merged listing a draft about the one that stays, and return that one's public id.

    The draft about the other is gone then; one that another window saved meanwhile stays, and so does a review that a
    moderator sent back. The same again is a no-op. Raises NotFound where the listing was not merged, Conflict where the
    author has another open review of the one that stays, and InvalidParameter for more than a draft can hold.
    """
    with writing() as session:
        session.execute(queries.locked(filled.author_id))
        goes, stays = merged(session, filled.clinic)
        before = session.scalar(queries.open_of(filled.author_id, goes.id))
        stored = stored_of(session, before) if before and before.status in WRITABLE else Stored(key=filled.key)
        fields = _merged(checklist, filled, stored)
        if _has_another(session, stays, filled.author_id, fields):
            return stays.public_id
        if before and before.status == ReviewStatus.DRAFT and _is_seen(filled, stored, fields):
            _drop(session, before)
        anew = replace(filled, clinic=stays.public_id, fields=fields, key=new_key(), seen_version=0)
        review = reviews.begin(session, _new(anew, stays, checklist, at))
        _store(session, review.id, _text(fields), 1, at)
        return stays.public_id


def expire(*, at: datetime) -> int:
    """Delete the drafts that nobody touched for DAYS_KEPT days; return how many."""
    with writing() as session:
        old = session.execute(queries.drafts_before(at - timedelta(days=DAYS_KEPT))).all()
        for review, _draft in old:
            _drop(session, review)
    return len(old)


def _has_another(session: Session, clinic: Clinic, author_id: int, fields: Fields) -> bool:
    """Whether the author has this very draft about a clinic; Conflict for any other open review of theirs."""
    other = session.scalar(queries.open_of(author_id, clinic.id))
    if other and (other.status not in WRITABLE or drafts.differing(fields, stored_of(session, other).fields)):
        raise Conflict(_ANOTHER)
    return other is not None


def _is_seen(filled: Filled, stored: Stored, fields: Fields) -> bool:
    return stored.version == filled.seen_version or not drafts.differing(fields, stored.fields)


def _text(fields: Fields) -> str:
    """Return fields as they are stored; InvalidParameter for more than a draft can hold."""
    text = drafts.written(fields)
    if len(text) > LONGEST_DRAFT:
        raise InvalidParameter("draft", _TOO_LONG)
    return text


def _kept(session: Session, filled: Filled, checklist: Checklist, at: datetime) -> Stored:
    clinic, review = _found(session, filled)
    if review and review.status not in WRITABLE:
        raise HandedIn(review.public_id)
    stored = _as_seen(session, filled, checklist, review)
    fields = _merged(checklist, filled, stored)
    if fields == stored.fields and stored.version:
        return stored
    text = _text(fields)
    if review is None:
        review = reviews.begin(session, _new(filled, clinic, checklist, at))
    _store(session, review.id, text, stored.version + 1, at)
    return Stored(key=review.idempotency_key, fields=fields, version=stored.version + 1, saved_at=at)


def _hand_in(session: Session, filled: Filled, checklist: Checklist, *, at: datetime) -> str:
    session.execute(queries.locked(filled.author_id))
    clinic, review = _found(session, filled)
    hosts = about_of(clinic).hosts
    found = examining.problems(checklist, filled.fields, hosts, at.date())
    answers = examining.answers(checklist, filled.fields, hosts, at.date())
    if review and review.status not in WRITABLE:
        is_void = review.status in {ReviewStatus.WITHDRAWN, ReviewStatus.DECLINED}
        if found or is_void or not _says(session, review, filled.tie, answers):
            raise HandedIn(review.public_id)
        return review.public_id
    stored = _as_seen(session, filled, checklist, review)
    if review is None or review.status == ReviewStatus.DRAFT:
        abuse.refuse_haste(session, filled.author_id, clinic.id, at=at)
    if found:
        raise NotReady(found)
    submission = _submission(replace(filled, key=stored.key), checklist, answers)
    return reviews.submit(submission, author_id=filled.author_id, at=at)


def _found(session: Session, filled: Filled) -> tuple[Clinic, Review | None]:
    """Return the clinic, and the review that was begun under the form's key, or else is open."""
    reviews.refuse_key(filled.key)
    clinic = listed(session, filled.clinic)
    under_key = session.scalar(queries.under_key(filled.author_id, filled.key))
    if under_key and under_key.clinic_id == clinic.id:
        return clinic, under_key
    return clinic, session.scalar(queries.open_of(filled.author_id, clinic.id))


def _as_seen(session: Session, filled: Filled, checklist: Checklist, review: Review | None) -> Stored:
    """Return the draft as it is kept; Overtaken where that is neither what the author saw nor what they send."""
    stored = stored_of(session, review) if review else Stored(key=filled.key)
    is_as_seen = stored.version == filled.seen_version and stored.key == filled.key
    if not is_as_seen and drafts.differing(_merged(checklist, filled, stored), stored.fields):
        raise Overtaken(stored)
    return stored


def _merged(checklist: Checklist, filled: Filled, stored: Stored) -> dict[str, str]:
    """Return what is kept of a form: what was typed, and what the draft holds that the form has no field for."""
    left = drafts.left_over(checklist, stored.fields)
    return {CHECKLIST: checklist.version} | left | drafts.kept(checklist, filled.fields)


def _new(filled: Filled, clinic: Clinic, checklist: Checklist, at: datetime) -> Review:
    return Review(
        author_id=filled.author_id,
        clinic_id=clinic.id,
        checklist_version=checklist.version,
        idempotency_key=filled.key,
        created_at=at,
    )


def _store(session: Session, review_id: int, text: str, version: int, at: datetime) -> None:
    draft = session.scalar(queries.draft_of(review_id))
    if draft is None:
        draft = ReviewDraft(review_id=review_id)
        session.add(draft)
    draft.fields, draft.version, draft.saved_at = text, version, at
    session.flush()


def _drop(session: Session, review: Review) -> None:
    session.execute(queries.draft_gone(review.id))
    if review.status == ReviewStatus.DRAFT:
        session.execute(queries.review_gone(review.id))


def _submission(filled: Filled, checklist: Checklist, answers: Sequence[GivenAnswer] = ()) -> Submission:
    return Submission(
        clinic=filled.clinic, checklist=checklist.version, tie=filled.tie, answers=tuple(answers), key=filled.key
    )


def _says(session: Session, review: Review, tie: TieKind, answers: Sequence[GivenAnswer]) -> bool:
    """Whether a review that was handed in says the same, the tie included."""
    last_tie = session.scalar(accounts.last_tie(review.author_id, review.clinic_id))
    return last_tie == tie and set(map(_said, given(session, review.id))) == set(map(_said, answers))


def _said(answer: GivenAnswer) -> object:
    pieces = {
        (each.kind, each.seen_on, website(each.url), each.quote, each.note, website(each.archive_url))
        for each in answer.evidence
    }
    return answer.criterion, answer.value, answer.is_whole_site_read, frozenset(pieces)
