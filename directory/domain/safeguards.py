"""The second ledger: good practice, counted apart, which never changes the score."""

from enum import StrEnum

from directory.domain.findings import CREDIBLE, QUORUM, Finding
from directory.domain.labels import N_


class Standing(StrEnum):
    """What is known about one safeguard; its words are never those of the warning signs."""

    IN_PLACE = "in_place"
    ABSENT = "absent"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _LABELS[self]


_LABELS = {
    Standing.IN_PLACE: N_("In place"),
    Standing.ABSENT: N_("Absent"),
    Standing.DISPUTED: N_("Disputed"),
    Standing.UNKNOWN: N_("Unknown"),
}


def standing(finding: Finding) -> Standing:
    """Return what a finding on a safeguard comes to: its raising side says that the safeguard is absent."""
    good, bad = finding.clearing.level, finding.raising.level
    if good >= CREDIBLE and bad >= CREDIBLE:
        return Standing.DISPUTED
    if good >= QUORUM:
        return Standing.IN_PLACE
    return Standing.ABSENT if bad >= QUORUM else Standing.UNKNOWN
