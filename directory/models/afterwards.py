"""What may come after an approval: the author wishes the review back, or two people find that it was a mistake."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.domain.moderation import LONGEST_REASON, Reason
from directory.models.base import Base, at_most, now, one_of

_OPEN = text("ended_at IS NULL")


class VoidVote(Base):
    """Somebody finds that the approval of a review was a mistake; it takes two, and alone it changes nothing."""

    __tablename__ = "void_vote"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason_code: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (
        UniqueConstraint("review_id", "by_id"),
        one_of("reason_code", Reason, name="reason_code"),
        at_most("words", LONGEST_REASON),
        CheckConstraint("words <> ''", name="words_given"),
    )


class Wish(Base):
    """The author of an approved review asks to have it back. It ends when that is done, or when they change their mind.

    There is at most one open wish a review.
    """

    __tablename__ = "wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: Why, if they like to say; staff-only.
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("uq_wish_open", "review_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        at_most("words", LONGEST_REASON),
    )
