"""Reads what stands in a review for those who may see it before it is public: its author, and who decides on it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from directory.domain.checklist import Checklist, Criterion, Value
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.moderation import Action, Outcome, Reason
from directory.domain.profile import ListingStatus
from directory.models import AnswerDecision, Clinic, ReviewAnswer
from directory.queries import handed_in as queries
from directory.queries import reviews
from directory.services.audit import in_utc
from directory.services.moderation import Judgement


@dataclass(frozen=True, kw_only=True)
class ReviewedClinic:
    """The clinic that a review is about. `is_listed` says whether it has a public page of its own."""

    public_id: str
    slug: str
    name: str
    city: str
    state: str
    website: str | None
    is_listed: bool
    #: Into another listing, which stands for it now.
    is_merged: bool = False


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """An answer with all its evidence. Tier and day are those its evidence gave; `judgement` is None before one."""

    answer_id: int
    criterion: Criterion
    value: Value
    tier: int | None
    observed_on: date | None
    is_whole_site_read: bool
    evidence: tuple[Evidence, ...]
    judgement: Judgement | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One entry of the record about a review, without the name of who made it; `at` in UTC."""

    action: Action
    at: datetime
    reason: Reason | None
    words: str


def clinic(row: Clinic) -> ReviewedClinic:
    """Return what is shown of the clinic of a review."""
    names = ("public_id", "slug", "name", "city", "state", "website")
    shown = {name: getattr(row, name) for name in names}
    is_listed, is_merged = (row.status == status for status in (ListingStatus.PUBLISHED, ListingStatus.MERGED))
    return ReviewedClinic(**shown, is_listed=is_listed, is_merged=is_merged)


def answers(session: Session, review_id: int, checklist: Checklist) -> tuple[HandedIn, ...]:
    """Return the answers of a review in the order of its checklist; two statements."""
    rows = session.execute(queries.answers(review_id)).all()
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for row in session.scalars(reviews.evidence_of(review_id)):
        shown = {name: getattr(row, name) for name in ("seen_on", "url", "quote", "note", "archive_url")}
        evidence[row.answer_id].append(Evidence(kind=EvidenceKind(row.kind), **shown))
    given = {row.criterion: _answer(row, decided, evidence[row.id], checklist) for row, decided in rows}
    return tuple(given[slug] for slug in checklist.by_slug if slug in given)


def steps(session: Session, review_id: int) -> tuple[Step, ...]:
    """Return what was done about a review, the oldest first; one statement."""
    return tuple(
        Step(action=Action(row.action), at=in_utc(row.at), reason=_reason(row.reason_code), words=row.reason_text)
        for row in session.scalars(queries.decisions(review_id))
    )


def _answer(
    row: ReviewAnswer, decided: AnswerDecision | None, evidence: list[Evidence], checklist: Checklist
) -> HandedIn:
    return HandedIn(
        answer_id=row.id,
        criterion=checklist.by_slug[row.criterion],
        value=Value(row.value),
        tier=row.tier,
        observed_on=row.observed_on,
        is_whole_site_read=row.is_whole_site_read,
        evidence=tuple(evidence),
        judgement=_judgement(decided) if decided else None,
    )


def _judgement(row: AnswerDecision) -> Judgement:
    return Judgement(outcome=Outcome(row.outcome), reason=_reason(row.reason_code), words=row.reason_text)


def _reason(code: str | None) -> Reason | None:
    return Reason(code) if code else None
