"""Stored scores: what was computed, from what, by which rules; rows are added and never changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.domain.scoring import Grade
from directory.models.base import Base, now, one_of


class StoredScore(Base):
    """The score of a clinic as of a day. The newest row of a clinic is its present score.

    No key but `id`: within a day a clinic may come back to the inputs it had in the morning.
    """

    __tablename__ = "score"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    checklist_version: Mapped[str] = mapped_column(ForeignKey("checklist.version"))
    scorer_version: Mapped[int]
    as_of: Mapped[date] = mapped_column(Date)
    grade: Mapped[str] = mapped_column(String(5))
    low: Mapped[int]
    high: Mapped[int]
    settled: Mapped[int]
    #: The case, as domain.cases.canonical() writes it, and its SHA-256.
    inputs: Mapped[str] = mapped_column(Text)
    input_sha256: Mapped[str] = mapped_column(String(64))
    #: What `flask scores explain` prints for the case, in canonical form.
    explanation: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (
        Index("ix_score_clinic_id_id", "clinic_id", "id"),
        one_of("grade", Grade, name="grade"),
        CheckConstraint("low BETWEEN 0 AND high AND high <= 100", name="range"),
        CheckConstraint("settled BETWEEN 0 AND 5", name="settled"),
        CheckConstraint("length(input_sha256) = 64", name="input_sha256_length"),
    )
