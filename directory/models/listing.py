"""How listings came to be as they are: what was suggested about them, and what was decided (models.listing_guards)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.domain.moderation import LONGEST_REASON
from directory.domain.profile import ListingStatus
from directory.domain.revisions import (
    OPEN_REVISIONS,
    WAITING,
    ListingAction,
    ListingReason,
    RevisionKind,
    RevisionStatus,
)
from directory.models.base import Base, at_most, now, one_of, random_public_id

#: A whole listing in JSON: its longest texts together have 1,700 characters.
LONGEST_FIELDS = 10_000
_WAITING = text(" OR ".join(f"status = '{status}'" for status in WAITING))
_OPEN = text(" OR ".join(f"status = '{status}'" for status in OPEN_REVISIONS))


class Revision(Base):
    """What somebody suggests about a listing. `version` grows by one with every change of status."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=random_public_id)
    #: Of a new listing the row that was made with it, and that nobody sees before it is published.
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    kind: Mapped[str] = mapped_column(String(10))
    #: Of a merge: the listing that stays.
    target_id: Mapped[int | None] = mapped_column(ForeignKey("clinic.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    status: Mapped[str] = mapped_column(String(20), default=RevisionStatus.SUBMITTED)
    version: Mapped[int] = mapped_column(default=1)
    #: JSON: fact (domain.revisions.REVISABLE) → how it shall read, and how it read when that was suggested.
    fields: Mapped[str] = mapped_column(Text, default="{}")
    base: Mapped[str] = mapped_column(Text, default="{}")
    #: Where it was read, as a reader should see it, and when.
    source: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text, default="")
    seen_on: Mapped[date] = mapped_column(Date)
    #: Why, in the author's words; staff-only.
    words: Mapped[str] = mapped_column(Text)
    #: Made by whoever suggests it, so that a second click finds the first.
    idempotency_key: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    #: The lease (domain.leases): whose it is to decide, since when, and until when. It ends with the status.
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claim_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("author_id", "idempotency_key"),
        Index("uq_revision_open", "author_id", "clinic_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_revision_clinic_id_status", "clinic_id", "status"),
        Index("ix_revision_waiting", "submitted_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        one_of("kind", RevisionKind, name="kind"),
        one_of("status", RevisionStatus, name="status"),
        at_most("fields", LONGEST_FIELDS), at_most("base", LONGEST_FIELDS), at_most("source", 200),
        at_most("source_url", 500), at_most("words", LONGEST_REASON),
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("length(idempotency_key) BETWEEN 1 AND 64", name="idempotency_key_length"),
        CheckConstraint("(kind = 'merge') = (target_id IS NOT NULL)", name="target_given"),
        CheckConstraint("target_id IS NULL OR target_id <> clinic_id", name="target_another"),
        CheckConstraint("(kind IN ('new', 'edit', 'move')) = (fields <> '{}')", name="fields_given"),
        CheckConstraint("source <> '' AND words <> ''", name="source_given"),
        CheckConstraint("source_url = '' OR source_url LIKE 'http://%' OR source_url LIKE 'https://%'",
                        name="source_url_web"),
        CheckConstraint("claimed_by_id IS NULL OR status IN ('submitted', 'approved_once')",
                        name="claim_while_waiting"),
        CheckConstraint("(claimed_by_id IS NULL) = (claimed_at IS NULL)", name="claim_begun"),
        CheckConstraint(
            "(claimed_at IS NULL) = (claim_until IS NULL) AND (claim_until IS NULL OR claim_until > claimed_at)",
            name="claim_whole",
        ),
    )  # fmt: skip


class ListingDecision(Base):
    """One entry of the public record on listings; rows are added and never changed. Names are not for the public."""

    __tablename__ = "listing_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: By which the entry is cited.
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=random_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"), index=True)
    #: None where a listing is hidden or shown again.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    action: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: Of the revision: where it stood ("" before the first), where it went, and the version that the actor had seen.
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str | None] = mapped_column(String(20))
    seen_version: Mapped[int | None]
    #: Of the listing.
    listing_from: Mapped[str] = mapped_column(String(20))
    listing_to: Mapped[str] = mapped_column(String(20))
    reason_code: Mapped[str | None] = mapped_column(String(30))
    reason_text: Mapped[str] = mapped_column(Text, default="")
    #: Of hiding: the day on which somebody has to have decided anew.
    until: Mapped[date | None] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (
        Index("ix_listing_decision_action_id", "action", "id"),
        Index("uq_listing_decision_revision_id_seen_version", "revision_id", "seen_version", unique=True),
        one_of("action", ListingAction, name="action"),
        one_of("from_status", ["", *RevisionStatus], name="from_status"),
        one_of("to_status", RevisionStatus, name="to_status"),
        one_of("listing_from", ListingStatus, name="listing_from"),
        one_of("listing_to", ListingStatus, name="listing_to"),
        one_of("reason_code", ListingReason, name="reason_code"),
        at_most("reason_text", LONGEST_REASON),
        CheckConstraint("(revision_id IS NULL) = (action IN ('hide', 'unhide'))", name="about_one_thing"),
        CheckConstraint(
            "(revision_id IS NULL) = (from_status IS NULL) AND (revision_id IS NULL) = (to_status IS NULL)"
            " AND (revision_id IS NULL) = (seen_version IS NULL)",
            name="transition_whole",
        ),
        CheckConstraint(
            "action NOT IN ('decline', 'request_changes', 'hide') OR (reason_code IS NOT NULL AND reason_text <> '')",
            name="reason_given",
        ),
        CheckConstraint("(action = 'hide') = (until IS NOT NULL)", name="until_given"),
    )
