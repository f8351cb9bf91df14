"""Reviews: what somebody found out about a clinic, answer by answer, with the evidence for each."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from directory.domain.checklist import Value
from directory.domain.evidence import LONGEST_ADDRESS, LONGEST_NOTE, LONGEST_QUOTE, EvidenceKind
from directory.domain.moderation import OPEN, ReviewStatus
from directory.models.base import Base, at_most, now, one_of, random_public_id

#: As long as what one request may send (config.MAX_BODY_BYTES).
LONGEST_DRAFT = 1_000_000
_WAITING = text(f"status = '{ReviewStatus.SUBMITTED}'")
_OPEN = text(" OR ".join(f"status = '{status}'" for status in OPEN))


class Review(Base):
    """One filled-in checklist. `version` grows by one with every change of status."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=random_public_id)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    checklist_version: Mapped[str] = mapped_column(ForeignKey("checklist.version"))
    status: Mapped[str] = mapped_column(String(20), default=ReviewStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    #: Made by whoever hands it in, so that a second click finds the first.
    idempotency_key: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: The lease (domain.leases): whose it is to decide, since when, and until when. It ends with the status.
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claim_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("author_id", "idempotency_key"),
        # The other end of the answers' key: an answer is about a criterion of its own review's version.
        UniqueConstraint("id", "checklist_version"),
        Index("uq_review_open", "author_id", "clinic_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_review_clinic_id_status", "clinic_id", "status"),
        Index("ix_review_waiting", "submitted_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        one_of("status", ReviewStatus, name="status"),
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("length(idempotency_key) BETWEEN 1 AND 64", name="idempotency_key_length"),
        CheckConstraint("status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name="submitted_at_given"),
        CheckConstraint("claimed_by_id IS NULL OR status = 'submitted'", name="claim_while_waiting"),
        CheckConstraint("(claimed_by_id IS NULL) = (claimed_at IS NULL)", name="claim_begun"),
        CheckConstraint(
            "(claimed_at IS NULL) = (claim_until IS NULL) AND (claim_until IS NULL OR claim_until > claimed_at)",
            name="claim_whole",
        ),
    )


class ReviewDraft(Base):
    """What the author of a review typed and has not handed in: the fields of the form as they stand, right or wrong."""

    __tablename__ = "draft"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    #: JSON: field → what stands in it (domain.drafts).
    fields: Mapped[str] = mapped_column(Text)
    #: Grows by one with every save, so that a second tab is told of the first.
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (at_most("fields", LONGEST_DRAFT), CheckConstraint("version >= 1", name="version_counts"))


class ReviewAnswer(Base):
    """An answer of a review. Tier and day of observation are those its evidence gives (domain.evidence.weigh)."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int]
    checklist_version: Mapped[str] = mapped_column(String(20))
    criterion: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(14))
    tier: Mapped[int | None]
    observed_on: Mapped[date | None] = mapped_column(Date)
    #: The reviewer says that the clinic's site has no more pages than those listed.
    is_whole_site_read: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        ForeignKeyConstraint(["review_id", "checklist_version"], ["review.id", "review.checklist_version"]),
        ForeignKeyConstraint(["checklist_version", "criterion"], ["criterion.version", "criterion.slug"]),
        UniqueConstraint("review_id", "criterion"),
        one_of("value", Value, name="value"),
        CheckConstraint("tier BETWEEN 1 AND 3", name="tier"),
        CheckConstraint("(tier IS NULL) = (observed_on IS NULL)", name="weight_whole"),
        CheckConstraint("value IN ('yes', 'no') OR tier IS NULL", name="weight_of_something"),
    )


class AnswerEvidence(Base):
    """One piece of evidence for an answer."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    seen_on: Mapped[date] = mapped_column(Date)
    url: Mapped[str] = mapped_column(Text, default="")
    #: The exact words of the page.
    quote: Mapped[str] = mapped_column(Text, default="")
    #: Which document, or what was seen or told.
    note: Mapped[str] = mapped_column(Text, default="")
    archive_url: Mapped[str] = mapped_column(Text, default="")
    #: Of quote and note (domain.abuse.fingerprint): words that another person used too are found by it.
    fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)

    __table_args__ = (
        one_of("kind", EvidenceKind, name="kind"),
        at_most("url", LONGEST_ADDRESS),
        at_most("quote", LONGEST_QUOTE),
        at_most("note", LONGEST_NOTE),
        at_most("archive_url", LONGEST_ADDRESS),
        CheckConstraint("url = '' OR url LIKE 'http://%' OR url LIKE 'https://%'", name="url_web"),
        CheckConstraint("archive_url = '' OR archive_url LIKE 'http://%' OR archive_url LIKE 'https://%'",
                        name="archive_url_web"),
        CheckConstraint("kind NOT IN ('link', 'page_read') OR url <> ''", name="url_given"),
        CheckConstraint("kind <> 'link' OR quote <> ''", name="quote_given"),
        CheckConstraint("kind NOT IN ('document', 'first_hand') OR note <> ''", name="note_given"),
    )  # fmt: skip
