"""Accounts: who hands in a review, who decides it; their roles, their signed-in browsers, their ties to clinics."""

from datetime import date, datetime

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, true
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from directory.domain.access import GRANTED
from directory.domain.identifiers import email_key
from directory.domain.labels import LANGUAGES
from directory.domain.ties import TieKind
from directory.models.base import Base, now, one_of, random_public_id, random_token

LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1.3


class Account(Base, UserMixin):
    """A person who takes part. Accounts that are linked speak as one voice.

    The names of the columns from `email` to `mf_recovery_codes` are Flask-Security's. An account without an address and
    a password can sign in nowhere: those of the demonstration's invented reviewers.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=random_public_id)
    #: The account that stands for the whole group; None: this one speaks for itself.
    linked_to_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    #: As it was typed, and where mail goes.
    email: Mapped[str | None] = mapped_column(Text)  # type: ignore[assignment]  # theirs is never empty
    #: The folded address (domain.identifiers.email_key), by which it is known again.
    email_key: Mapped[str | None] = mapped_column(Text)
    password: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: What sessions and mailed links name instead of the id; a new one ends them all.
    fs_uniquifier: Mapped[str | None] = mapped_column(String(64), default=random_token)  # type: ignore[assignment]
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    #: The step of the last code that was taken; no code of that step or before is taken again.
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))

    #: In which its letters are written: that of the page on which it registered or signed in last.
    language: Mapped[str] = mapped_column(String(2), server_default=LANGUAGES[0])

    roles: Mapped[list["AccountRole"]] = relationship(  # type: ignore[assignment]  # a list of theirs takes any role
        cascade="all, delete-orphan", order_by="AccountRole.name"
    )

    __table_args__ = (
        Index("uq_account_email_key", "email_key", unique=True),
        Index("uq_account_fs_uniquifier", "fs_uniquifier", unique=True),
        CheckConstraint("linked_to_id <> id", name="not_to_itself"),
        one_of("language", LANGUAGES, name="language"),
    )

    @validates("email")
    def _fold(self, _name: str, email: str | None) -> str | None:
        self.email_key = email_key(email) if email else None
        return email


class AccountRole(Base, RoleMixin):
    """A role that an account was granted."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)

    __table_args__ = (one_of("name", GRANTED, name="name"),)


class AccountSession(Base):
    """A browser in which somebody signed in. The cookie holds `token`; what is revoked is not taken again."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: By which its owner revokes it.
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=random_public_id)
    token: Mapped[str] = mapped_column(String(64), unique=True, default=random_token)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    #: "Firefox on Android": enough to know one's own again.
    browser: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Tie(Base):
    """What somebody declared to have to do with a clinic, each declaration a row. Staff-only; it may be health data."""

    __tablename__ = "tie"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    declared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    #: The day from which it no longer holds; None: it has no end.
    ends_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (one_of("kind", TieKind, name="kind"),)
