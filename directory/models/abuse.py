"""What stands against brigades: when the reviews of a clinic are held, and whose accounts look like one person's."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.domain.abuse import HoldReason
from directory.domain.moderation import LONGEST_REASON
from directory.models.base import Base, at_most, now, one_of


class Hold(Base):
    """New reviews of a clinic wait from `began_at` to the day `until`, or until a moderator ends that sooner."""

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"))
    began_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    #: The first day on which they are decided again.
    until: Mapped[date] = mapped_column(Date)
    why: Mapped[str] = mapped_column(String(10))
    #: None where nobody acted: there was a burst.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: Staff-only, as all words about a suspicion.
    words: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_words: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("ix_hold_clinic_id", "clinic_id", "until"),
        one_of("why", HoldReason, name="why"),
        at_most("words", LONGEST_REASON),
        at_most("ended_words", LONGEST_REASON),
        CheckConstraint("(why = 'burst') = (by_id IS NULL) AND (why = 'burst') = (words = '')", name="why_whole"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (ended_words = '')", name="end_whole"
        ),
    )


class LinkProposal(Base):
    """A moderator thinks that two accounts are one person's; an administrator decides."""

    __tablename__ = "link_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Of the two the one that was made first.
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (
        UniqueConstraint("by_id", "account_id", "other_id"),
        at_most("words", LONGEST_REASON),
        CheckConstraint("words <> ''", name="words_given"),
        CheckConstraint("account_id < other_id", name="in_order"),
    )
