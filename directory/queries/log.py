"""Reads of the public page of decisions: what the record says of published clinics, without names or words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from directory.domain.moderation import AUTHORS_OWN, Action, Outcome
from directory.domain.profile import SHOWN
from directory.models import AnswerDecision, Clinic, Decision, Recheck, ReviewAnswer, StoredRuling
from directory.queries.aliases import called

_LARGEST_ID = 2**31 - 1
_NAMES = ("slug", "name", "city", "state")


def entries(as_of: date) -> Select[Any]:
    """The entries that are public on a day, the newest first, each with its clinic and the criterion it is about.

    A confirmation stays out until it is in force: until then the clinic may still reply. What was decided about a
    merged listing is told under the one that stands for it.
    """
    successor = called("entries_successor", Clinic)
    columns = (func.coalesce(getattr(successor, name), getattr(Clinic, name)).label(name) for name in _NAMES)
    criterion = func.coalesce(StoredRuling.criterion, ReviewAnswer.criterion)
    version = func.coalesce(StoredRuling.checklist_version, ReviewAnswer.checklist_version)
    statement: Any = (
        select(
            Decision.id, Decision.public_id, Decision.action, Decision.reason_code, Decision.at,
            criterion.label("criterion"), version.label("version"), Recheck.has_seen,
            func.coalesce(successor.public_id, Clinic.public_id).label("clinic"), *columns,
        )
        .join(Clinic, Clinic.id == Decision.clinic_id)
        .outerjoin(successor, successor.id == Clinic.successor_id)
        .outerjoin(StoredRuling, StoredRuling.id == Decision.ruling_id)
        .outerjoin(Recheck, Recheck.id == Decision.recheck_id)
        .outerjoin(ReviewAnswer, ReviewAnswer.id == Recheck.answer_id)
        .where(or_(Clinic.status.in_(SHOWN), successor.status.in_(SHOWN)), Decision.action.not_in(AUTHORS_OWN))
        .where(or_(Decision.action != Action.CONFIRM, StoredRuling.in_force_on <= as_of))
        .order_by(Decision.id.desc())
    )  # fmt: skip
    return statement


def after(found: Select[Any], public_id: str) -> Select[Any]:
    """Narrow entries to those that follow the one named; to all where there is none of that name."""
    last = called("after_last", Decision)
    named = select(last.id).where(last.public_id == public_id).scalar_subquery()
    return found.where(Decision.id < func.coalesce(named, _LARGEST_ID))


def listings(public_id: str) -> Select[Clinic]:
    """The listing that stands for the one with this public id, where it has a page, and those merged into it."""
    asked, stands = called("listings_asked", Clinic), called("listings_stands", Clinic)
    return (
        select(Clinic)
        .join(stands, or_(Clinic.id == stands.id, Clinic.successor_id == stands.id))
        .join(asked, or_(stands.id == asked.id, stands.id == asked.successor_id))
        .where(asked.public_id == public_id, stands.status.in_(SHOWN))
        .order_by(Clinic.successor_id.is_not(None), Clinic.id)
    )


def of_clinics(found: Select[Any], clinic_ids: list[int]) -> Select[Any]:
    """Narrow entries to those about some listings."""
    return found.where(Decision.clinic_id.in_(clinic_ids))


def of_action(found: Select[Any], action: Action) -> Select[Any]:
    """Narrow entries to those of one action."""
    return found.where(Decision.action == action)


def entry(found: Select[Any], public_id: str) -> Select[Any]:
    """Narrow entries to the one with this public id."""
    return found.where(Decision.public_id == public_id)


def dropped(decision_ids: Iterable[int]) -> Select[int, str, str, str | None]:
    """The answers that approvals dropped: decision, version and slug of the criterion, and the reason; in order."""
    return (
        select(
            AnswerDecision.decision_id,
            ReviewAnswer.checklist_version.label("version"),
            ReviewAnswer.criterion,
            AnswerDecision.reason_code,
        )
        .join(ReviewAnswer, ReviewAnswer.id == AnswerDecision.answer_id)
        .where(AnswerDecision.decision_id.in_(decision_ids), AnswerDecision.outcome == Outcome.DROPPED)
        .order_by(AnswerDecision.decision_id, ReviewAnswer.id)
    )
