"""Reads of stored scores and of their copies on the clinics."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import load_only

from directory.models import Clinic, StoredScore
from directory.queries.aliases import called

#: The columns of a clinic that repeat its newest score.
COPIES = (
    "grade", "score_low", "score_high", "settled", "confirmed_points", "signs", "signs_seen_on", "score_changes_on",
)  # fmt: skip


def touched(clinic_ids: Sequence[int]) -> Select[int]:
    """The clinics whose scores hang on what was approved about these: with one that was merged, its successor.

    Also those that were merged into them, which have no score of their own any more.
    """
    successors = select(Clinic.successor_id).where(Clinic.id.in_(clinic_ids))
    either = or_(Clinic.id.in_(clinic_ids), Clinic.successor_id.in_(clinic_ids), Clinic.id.in_(successors))
    return select(Clinic.id).where(either).order_by(Clinic.id)


def newest(clinic_ids: Iterable[int]) -> Select[StoredScore]:
    """The present score of each of the clinics that has one."""
    newer = called("newest_newer", StoredScore)
    is_newest = ~select(newer.id).where(newer.clinic_id == StoredScore.clinic_id, newer.id > StoredScore.id).exists()
    return select(StoredScore).where(StoredScore.clinic_id.in_(clinic_ids), is_newest)


def every(clinic_ids: Iterable[int]) -> Select[StoredScore]:
    """All scores of the clinics, the oldest first."""
    return select(StoredScore).where(StoredScore.clinic_id.in_(clinic_ids)).order_by(StoredScore.id)


def due(today: date, limit: int) -> Select[int]:
    """Up to `limit` ids of clinics whose score time alone may have changed, in order."""
    return select(Clinic.id).where(Clinic.score_changes_on <= today).order_by(Clinic.id).limit(limit)


def copies(clinic_ids: Iterable[int]) -> Select[Any]:
    """The clinics' ids and the columns that repeat their scores; in no order."""
    return select(Clinic.id, *(getattr(Clinic, name) for name in COPIES)).where(Clinic.id.in_(clinic_ids))


def clinics_after(clinic_id: int, limit: int) -> Select[Clinic]:
    """Up to `limit` clinics with the copies of their scores, in the order of ids beyond `clinic_id`."""
    columns = [getattr(Clinic, name) for name in ("id", "public_id", *COPIES)]
    return select(Clinic).options(load_only(*columns)).where(Clinic.id > clinic_id).order_by(Clinic.id).limit(limit)
