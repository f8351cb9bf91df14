"""Reads of the audit chain."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute

from directory.domain.moderation import WRITABLE, Action
from directory.domain.revisions import BY_DECISION, ListingAction, RevisionStatus
from directory.models import (
    AnswerDecision,
    AnswerEvidence,
    AuditEntry,
    Base,
    Clinic,
    Decision,
    ListingDecision,
    Notice,
    Recheck,
    Review,
    ReviewAnswer,
    Revision,
    StoredRuling,
    VoidVote,
)
from directory.queries.aliases import called

#: "audi" in ASCII; any number will do that no other lock of ours uses.
_TURN_LOCK = 0x61756469
#: What of a suggestion changes with the decisions on it and with whoever has it open.
_MOVING = {f"revision.{name}" for name in ("status", "version", "claimed_by_id", "claimed_at", "claim_until")}
#: How many rows of the record are held at once.
_ROWS = 1000


def turn_lock() -> TextClause:
    """Return the statement by which a PostgreSQL transaction waits for its turn to add to the record."""
    return text(f"SELECT pg_advisory_xact_lock({_TURN_LOCK})")


def begin_snapshot(engine: str) -> TextClause:
    """Return the statement after which a connection in AUTOCOMMIT sees one moment, until it is rolled back."""
    return text("BEGIN" if engine == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def last() -> Select[AuditEntry]:
    """The newest entry."""
    return select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)


def in_order() -> Select[AuditEntry]:
    """All entries from the first, a part at a time."""
    return select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=_ROWS)


def decisions() -> Select[Decision]:
    """All decisions by id, a part at a time."""
    return select(Decision).order_by(Decision.id).execution_options(yield_per=_ROWS)


@cache
def contents() -> dict[Action, Select[Any]]:
    """What decisions of each kind are about: rows of a decision's public id and named columns, together and in order.

    A review is what its newest decision to hand it in is about, and that one only until the author may write again.
    """
    return {
        Action.SUBMIT: _handed_in(),
        Action.APPROVE: _judged(),
        Action.RECHECK: _single(Action.RECHECK, Recheck, Decision.recheck_id),
        Action.CONFIRM: _told(),
        Action.REMEDY: _single(Action.REMEDY, StoredRuling, Decision.ruling_id),
        Action.VOID: _voted(),
    }


def of_decision(content: Select[Any], decision_id: int) -> Select[Any]:
    """The rows of one decision among those of contents()."""
    return content.where(Decision.id == decision_id)


def listing_decisions() -> Select[ListingDecision]:
    """All decisions on listings by id, a part at a time."""
    return select(ListingDecision).order_by(ListingDecision.id).execution_options(yield_per=_ROWS)


@cache
def suggested() -> Select[Any]:
    """What decisions to hand a suggestion in are about: a row each of its public id and named columns, in order.

    That is what the suggestion states, until its author may write again.
    """
    later = called("suggested_later", ListingDecision)
    wrote_again = (
        select(later.id)
        .where(later.revision_id == ListingDecision.revision_id, later.id > ListingDecision.id)
        .where(or_(later.action == ListingAction.SUBMIT, later.to_status == RevisionStatus.CHANGES_REQUESTED))
        .exists()
    )
    stated = [column for column in _columns(Revision) if column.name not in _MOVING]
    return (
        select(ListingDecision.public_id, *stated)
        .outerjoin(Revision, Revision.id == ListingDecision.revision_id)
        .where(ListingDecision.action == ListingAction.SUBMIT, ~wrote_again)
        .order_by(ListingDecision.id)
    )


def of_listing_decision(decision_id: int) -> Select[Any]:
    """The row of one decision among those of suggested()."""
    return suggested().where(ListingDecision.id == decision_id)


def in_parts(content: Select[Any]) -> Select[Any]:
    """The same rows, a part at a time."""
    return content.execution_options(yield_per=_ROWS)


def unrecorded_rulings() -> Select[int]:
    """The ids of the rulings that stand in no decision of who ruled, in order."""
    return _unrecorded(StoredRuling, Decision.ruling_id)


def unrecorded_suggestions() -> Select[int]:
    """The ids of the suggestions that stand otherwise than the last decision on them says, in order."""
    decided = (
        select(ListingDecision.id)
        .where(ListingDecision.revision_id == Revision.id, ListingDecision.seen_version == Revision.version - 1)
        .where(ListingDecision.to_status == Revision.status)
    )
    return select(Revision.id).where(~decided.exists()).order_by(Revision.id)


def unrecorded_listings() -> Select[int]:
    """The ids of the listings that stand otherwise than decided, of those that only a decision moves, in order."""
    last = called("unrecorded_listings_last", ListingDecision)
    newest = select(func.max(ListingDecision.id)).where(ListingDecision.clinic_id == Clinic.id).scalar_subquery()
    either = or_(Clinic.status.in_(BY_DECISION), last.listing_to.in_(BY_DECISION))
    return (
        select(Clinic.id)
        .outerjoin(last, last.id == newest)
        .where(either, or_(last.id.is_(None), last.listing_to != Clinic.status))
        .order_by(Clinic.id)
    )


def unrecorded_looks() -> Select[int]:
    """The ids of the re-checks that stand in no decision of who looked, in order."""
    return _unrecorded(Recheck, Decision.recheck_id)


def _unrecorded(kind: type[StoredRuling | Recheck], decided: InstrumentedAttribute[int | None]) -> Select[int]:
    decision = select(Decision.id).where(decided == kind.id, Decision.actor_id == kind.by_id)
    return select(kind.id).where(~decision.exists()).order_by(kind.id)


def _handed_in() -> Select[Any]:
    later = called("handed_in_later", Decision)
    wrote_again = (
        select(later.id)
        .where(later.review_id == Decision.review_id, later.id > Decision.id)
        .where(or_(later.action == Action.SUBMIT, later.to_status.in_(WRITABLE)))
        .exists()
    )
    whose = [Review.author_id.label("review.author_id"), Review.clinic_id.label("review.clinic_id")]
    columns: list[ColumnElement[Any]] = [*whose, *_columns(ReviewAnswer), *_columns(AnswerEvidence)]
    return (
        select(Decision.public_id, *columns)
        .outerjoin(Review, Review.id == Decision.review_id)
        .outerjoin(ReviewAnswer, ReviewAnswer.review_id == Review.id)
        .outerjoin(AnswerEvidence, AnswerEvidence.answer_id == ReviewAnswer.id)
        .where(Decision.action == Action.SUBMIT, ~wrote_again)
        .order_by(Decision.id, ReviewAnswer.id, AnswerEvidence.id)
    )


def _judged() -> Select[Any]:
    """Judgements by any decision, so that those put under one that gave none are seen too."""
    return (
        select(Decision.public_id, *_columns(AnswerDecision))
        .outerjoin(AnswerDecision, AnswerDecision.decision_id == Decision.id)
        .where(or_(Decision.action == Action.APPROVE, AnswerDecision.decision_id.is_not(None)))
        .order_by(Decision.id, AnswerDecision.answer_id)
    )


def _told() -> Select[Any]:
    """Confirmations, each with the notice by which the clinic was told."""
    return (
        select(Decision.public_id, *_columns(StoredRuling), *_columns(Notice))
        .outerjoin(StoredRuling, StoredRuling.id == Decision.ruling_id)
        .outerjoin(Notice, Notice.id == StoredRuling.notice_id)
        .where(Decision.action == Action.CONFIRM)
        .order_by(Decision.id)
    )


def _voted() -> Select[Any]:
    """The votes by which reviews were made void."""
    return (
        select(Decision.public_id, *_columns(VoidVote))
        .outerjoin(VoidVote, VoidVote.review_id == Decision.review_id)
        .where(Decision.action == Action.VOID)
        .order_by(Decision.id, VoidVote.id)
    )


def _single(action: Action, kind: type[Recheck | StoredRuling], key: InstrumentedAttribute[int | None]) -> Select[Any]:
    return (
        select(Decision.public_id, *_columns(kind))
        .outerjoin(kind, kind.id == key)
        .where(Decision.action == action)
        .order_by(Decision.id)
    )


def _columns(kind: type[Base]) -> list[ColumnElement[Any]]:
    table = kind.__table__
    return [column.label(f"{table}.{column.name}") for column in sorted(table.columns, key=lambda each: each.name)]
