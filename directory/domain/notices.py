"""Telling a clinic of a critical sign before it is shown as confirmed: how, and what must be said of that."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from directory.domain.errors import InvalidParameter
from directory.domain.labels import N_
from directory.domain.moderation import LONGEST_REASON
from directory.domain.texts import NOT_PLAIN, is_plain


class Way(StrEnum):
    """How a clinic was told."""

    MAIL = "mail"
    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _LABELS[self]


_LABELS = {
    Way.MAIL: N_("By e-mail"),
    Way.PHONE: N_("By telephone"),
    Way.LETTER: N_("By letter"),
    Way.IN_PERSON: N_("In person"),
}
#: The ways in which a moderator tells; e-mail is sent by the directory itself.
BY_HAND = (Way.PHONE, Way.LETTER, Way.IN_PERSON)


@dataclass(frozen=True, kw_only=True)
class ToldByHand:
    """A moderator says that they told the clinic, when, how, and with what words."""

    on: date
    how: Way
    words: str

    def check(self, today: date) -> None:
        """Raise InvalidParameter, naming the field, where it was told on a day to come, or not by hand, or unsaid."""
        problems = {
            ("told_on", N_("Give the day on which the clinic was told. It cannot lie in the future.")): self.on > today,
            ("how", N_("Say how the clinic was told.")): self.how not in BY_HAND,
            ("words", N_("Say in a sentence whom you told, and what.")): not self.words.strip(),
            ("words", N_("Shorten it to 1,000 characters.")): len(self.words) > LONGEST_REASON,
            ("words", NOT_PLAIN): not is_plain(self.words),
        }
        problem = next((said for said, is_so in problems.items() if is_so), None)
        if problem:
            raise InvalidParameter(*problem)
