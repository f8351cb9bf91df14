"""The record of decisions: who decided what, when and why; rows are added and never changed (models.triggers)."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from directory.domain.findings import RulingKind
from directory.domain.moderation import LONGEST_REASON, Action, Outcome, Reason, ReviewStatus
from directory.domain.notices import Way
from directory.models.base import Base, at_most, now, one_of, random_public_id


class Recheck(Base):
    """A moderator opened the source of an answer and looked for the words."""

    __tablename__ = "recheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    has_seen: Mapped[bool]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (UniqueConstraint("answer_id", "by_id"),)


class StoredRuling(Base):
    """What one person ruled on a sign of a clinic; it takes the rows of two to confirm a critical one or remedy any."""

    __tablename__ = "ruling"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    checklist_version: Mapped[str] = mapped_column(String(20))
    criterion: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: The day on which the clinic was told that the sign will be shown as confirmed.
    told_on: Mapped[date | None] = mapped_column(Date)
    #: Of a confirmation: how the clinic was told. Those of before revision 0006 do not say.
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    #: Of a remedy: the day by which the clinic had mended it.
    in_force_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (
        ForeignKeyConstraint(["checklist_version", "criterion"], ["criterion.version", "criterion.slug"]),
        UniqueConstraint("clinic_id", "criterion", "kind", "by_id", "in_force_on"),
        one_of("kind", RulingKind, name="kind"),
        CheckConstraint("(kind = 'confirm') = (told_on IS NOT NULL)", name="confirm_after_telling"),
    )


class Notice(Base):
    """A clinic was told that a critical sign will be shown as confirmed: when, how, and with what words."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    checklist_version: Mapped[str] = mapped_column(String(20))
    criterion: Mapped[str] = mapped_column(String(60))
    told_on: Mapped[date] = mapped_column(Date)
    how: Mapped[str] = mapped_column(String(10))
    #: What the moderator says of it; a letter of ours says it itself.
    words: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (
        Index("ix_notice_clinic_id_criterion", "clinic_id", "criterion"),
        ForeignKeyConstraint(["checklist_version", "criterion"], ["criterion.version", "criterion.slug"]),
        one_of("how", Way, name="how"),
        at_most("words", LONGEST_REASON),
        CheckConstraint("how = 'mail' OR words <> ''", name="words_given"),
    )


class Decision(Base):
    """One entry of the public record: what was done about which clinic, and why. Names are not for the public."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: By which the entry is cited.
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=random_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"), index=True)
    action: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)
    recheck_id: Mapped[int | None] = mapped_column(ForeignKey("recheck.id"), unique=True)
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("ruling.id"), unique=True)
    #: Of a review: where it stood, where it went, and the version that the actor had seen.
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str | None] = mapped_column(String(20))
    seen_version: Mapped[int | None]
    reason_code: Mapped[str | None] = mapped_column(String(30))
    reason_text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (
        # The public log of one kind of decision, the newest first.
        Index("ix_decision_action_id", "action", "id"),
        Index("uq_decision_review_id_seen_version", "review_id", "seen_version", unique=True),
        one_of("action", Action, name="action"),
        one_of("from_status", ReviewStatus, name="from_status"),
        one_of("to_status", ReviewStatus, name="to_status"),
        one_of("reason_code", Reason, name="reason_code"),
        at_most("reason_text", LONGEST_REASON),
        CheckConstraint(
            "(review_id IS NOT NULL) = (recheck_id IS NULL AND ruling_id IS NULL)"
            " AND (recheck_id IS NULL OR ruling_id IS NULL)",
            name="about_one_thing",
        ),
        CheckConstraint(
            "(review_id IS NULL) = (from_status IS NULL) AND (review_id IS NULL) = (to_status IS NULL)"
            " AND (review_id IS NULL) = (seen_version IS NULL)",
            name="transition_whole",
        ),
        CheckConstraint(
            "(action = 'recheck') = (recheck_id IS NOT NULL)"
            " AND (action IN ('confirm', 'remedy')) = (ruling_id IS NOT NULL)",
            name="fits_its_action",
        ),
        CheckConstraint(
            "action NOT IN ('decline', 'request_changes', 'void') OR (reason_code IS NOT NULL AND reason_text <> '')",
            name="reason_given",
        ),
        CheckConstraint("action <> 'remedy' OR reason_text <> ''", name="remedy_told"),
    )


class AnswerDecision(Base):
    """What a decision says of one answer; of several the newest counts."""

    __tablename__ = "answer_decision"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), primary_key=True, index=True)
    outcome: Mapped[str] = mapped_column(String(10))
    reason_code: Mapped[str | None] = mapped_column(String(30))
    reason_text: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        one_of("outcome", Outcome, name="outcome"),
        one_of("reason_code", Reason, name="reason_code"),
        at_most("reason_text", LONGEST_REASON),
        CheckConstraint("outcome = 'accepted' OR (reason_code IS NOT NULL AND reason_text <> '')", name="reason_given"),
    )
