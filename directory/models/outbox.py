"""The outbox: mail that was written in the transaction it tells of, and is sent afterwards."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, at_most, now

_WAITING = text("sent_at IS NULL AND given_up_at IS NULL")


class OutboxMail(Base):
    """One mail. Address and body go when it was delivered, or when what it holds has run out."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Made when it is written, so that a second sending is known as the same mail (RFC 5322, section 3.6.4).
    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    #: When the link in it stops working, or it is too old to be news.
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: How often it was taken in hand.
    attempts: Mapped[int] = mapped_column(default=0)
    #: Not taken in hand before: put ahead by whoever takes it, and again where that fails.
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    given_up_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("ix_outbox_due_at", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        at_most("subject", 200),
        CheckConstraint(
            "CASE WHEN sent_at IS NULL AND given_up_at IS NULL THEN recipient <> '' AND body <> ''"
            " ELSE recipient = '' AND body = '' END",
            name="erased_when_done",
        ),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="one_end"),
    )
