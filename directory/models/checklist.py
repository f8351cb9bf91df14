"""The published versions of the checklist, as far as the tables of answers hold on to them."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base


class ChecklistVersion(Base):
    """A published version. Rows come with a migration and never change; the text stands in the package."""

    __tablename__ = "checklist"

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    published_on: Mapped[date] = mapped_column(Date)
    #: Of the text in the package.
    sha256: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_length"),)


class ChecklistCriterion(Base):
    """A criterion of a published version, so that no answer is about anything else."""

    __tablename__ = "criterion"

    version: Mapped[str] = mapped_column(ForeignKey("checklist.version"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    is_sign: Mapped[bool]
    is_critical: Mapped[bool]
    may_not_apply: Mapped[bool]

    __table_args__ = (
        CheckConstraint("is_sign OR NOT is_critical", name="critical_signs_only"),
        CheckConstraint("NOT (is_sign AND may_not_apply)", name="signs_apply"),
    )
