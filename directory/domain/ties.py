"""Ties between a person and a clinic: which of them bar a review, and for how long (design MODERATION, 1.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from directory.domain.labels import N_

#: A former employee stays tied for three years.
_FORMER_YEARS = 3


class TieKind(StrEnum):
    """What somebody has to do with a clinic."""

    NONE = "none"
    PATIENT = "patient"
    OWNER = "owner"
    EMPLOYEE = "employee"
    FORMER_EMPLOYEE = "former_employee"
    COMPETITOR = "competitor"
    PAID = "paid"
    FAMILY = "family"
    LITIGATION = "litigation"

    @property
    def label(self) -> str:
        """The English label, in the words of the person who declares it; to be translated by web/."""
        return _LABELS[self]

    @property
    def bars_reviewing(self) -> bool:
        """Whether it keeps a person from reviewing the clinic; only none and patient do not (16 CFR 465.5)."""
        return self not in MAY_REVIEW


#: With these a person may review the clinic. Every tie but NONE bars deciding about it.
MAY_REVIEW = (TieKind.NONE, TieKind.PATIENT)

_LABELS = {
    TieKind.NONE: N_("No tie to this clinic"),
    TieKind.PATIENT: N_("I am or was a patient there"),
    TieKind.OWNER: N_("I own it, or a part of it"),
    TieKind.EMPLOYEE: N_("I work there"),
    TieKind.FORMER_EMPLOYEE: N_("I worked there in the last three years"),
    TieKind.COMPETITOR: N_("I own or work for a competitor"),
    TieKind.PAID: N_("Somebody pays or rewards me for this"),
    TieKind.FAMILY: N_("Somebody in my family owns it or works there"),
    TieKind.LITIGATION: N_("I am in a legal dispute with it"),
}


@dataclass(frozen=True)
class Declared:
    """A tie as it was declared: to which clinic, and the day from which it no longer holds (None: it has no end)."""

    clinic_id: int
    kind: TieKind
    ends_on: date | None = None

    def holds(self, today: date) -> bool:
        """Whether it still holds."""
        return self.ends_on is None or today < self.ends_on


def ends_on(kind: TieKind, declared_on: date) -> date | None:
    """Return the day from which a tie no longer holds: three years on for a former employee, None for all others."""
    if kind is not TieKind.FORMER_EMPLOYEE:
        return None
    year = declared_on.year + _FORMER_YEARS
    try:
        return declared_on.replace(year=year)
    except ValueError:  # 29 February has no namesake three years on
        return date(year, 3, 1)


def held(declared: Iterable[Declared], today: date) -> frozenset[TieKind]:
    """Return every tie that was ever declared and still holds: what bars deciding."""
    return frozenset(tie.kind for tie in declared if tie.holds(today)) - {TieKind.NONE}


def newest(declared: Iterable[Declared], today: date) -> frozenset[TieKind]:
    """Return the last word on each clinic, of ties given in the order in which they were declared.

    That is what bars reviewing: a person may correct what they said, and moderators see both.
    """
    last = {tie.clinic_id: tie for tie in declared}
    return held(last.values(), today)
