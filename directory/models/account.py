"""Accounts: who handed in a review, who decided it. Sign-in, roles and mail come with them later."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, now, random_public_id


class Account(Base):
    """A person who takes part. Accounts that are linked speak as one voice."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=random_public_id)
    #: The account that stands for the whole group; None: this one speaks for itself.
    linked_to_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (CheckConstraint("linked_to_id <> id", name="not_to_itself"),)
