"""The official registers in which anybody can look up who may practice, and what each is for."""

from dataclasses import dataclass
from enum import StrEnum

from directory.domain.labels import N_


class RegisterKind(StrEnum):
    """What a register is for, in the order in which a seeker needs them."""

    LOOKUP = "licence_lookup"
    MEDICAL = "medical_board"
    OSTEOPATHIC = "osteopathic_board"
    NURSING = "nursing_board"
    PHYSICIANS = "physicians_of_states"
    NURSES = "nurses_of_states"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _LABELS[self]


_LABELS = {
    RegisterKind.LOOKUP: N_("License look-up"),
    RegisterKind.MEDICAL: N_("Medical board"),
    RegisterKind.OSTEOPATHIC: N_("Board for osteopathic physicians (DO)"),
    RegisterKind.NURSING: N_("Nursing board"),
    RegisterKind.PHYSICIANS: N_("Physicians, all states"),
    RegisterKind.NURSES: N_("Nurses, most states"),
}


@dataclass(frozen=True)
class Register:
    """An official register, or the board that keeps one, under its own name."""

    kind: RegisterKind
    name: str
    url: str
