"""What an import found wrong or doubtful, each with its line."""

from dataclasses import dataclass, field
from enum import StrEnum

from directory.domain.errors import BadRow
from directory.domain.labels import N_, Sentence


class Doubt(StrEnum):
    """The kinds of warnings, in the order in which they are listed; the row is used all the same."""

    label: str

    def __new__(cls, word: str, label: str) -> "Doubt":
        """Make the word a member that carries its label."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.label = label
        return member

    PHONE = "phone", N_("Telephone numbers left empty")
    WEBSITE = "website", N_("Websites left empty")
    EMAIL = "email", N_("E-mail addresses left empty")
    NPI = "npi", N_("NPIs left empty")
    DATE = "date", N_("Dates not used")
    COORDINATES = "coordinates", N_("Coordinates mended")
    FAR_FROM_ZIP = "far_from_zip", N_("Coordinates far from their ZIP")
    ZIP_ELSEWHERE = "zip_elsewhere", N_("ZIPs of another state")
    NOT_ON_THE_MAP = "not_on_the_map", N_("Not on the map")


@dataclass(frozen=True)
class Warned:
    """A doubt about the row that begins on `line`."""

    line: int
    doubt: Doubt
    sentence: Sentence


@dataclass
class Findings:
    """Everything that was found, in the order in which it was found."""

    bad_rows: list[BadRow] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def refuse(self, line: int, message: str, **values: object) -> None:
        """Note that the row on `line` cannot be used, and why; a row may have several reasons."""
        self.bad_rows.append(BadRow(line, message, **values))

    def warn(self, line: int, doubt: Doubt, message: str, **values: object) -> None:
        """Note a doubt about the row on `line`, which is used."""
        self.warnings.append(Warned(line, doubt, Sentence(message, values)))
