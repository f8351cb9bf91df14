"""What approval by the FDA means for the medicines that ketamine clinics give: short statements, each with its sources.

The sources are those of the checklist, named by their keys: address, body and what was read there stand with it.
"""

from dataclasses import dataclass
from datetime import date

from directory.domain.labels import N_

#: The day on which the sources were read, as the reference of the checklist says; read them again by a year later.
READ_ON = date(2026, 11, 21)


@dataclass(frozen=True)
class Statement:
    """One thing that is so, in our own words, and the keys of the checklist's sources that say it."""

    text: str
    sources: tuple[str, ...]


STATEMENTS = (
    Statement(N_("Ketamine is approved by the FDA as an anesthetic."), ("KETLABEL",)),
    Statement(
        N_(
            "Spravato, a nasal spray of esketamine, is approved for certain kinds of depression in adults. It is given"
            " only at places that are certified for it under a program that the FDA requires (REMS), and patients are"
            " observed there for at least two hours."
        ),
        ("SPRIND", "REMS"),
    ),
    Statement(
        N_(
            "Other uses are off-label, such as ketamine by infusion, injection or mouth for depression, PTSD or"
            " anxiety. Doctors may prescribe off-label; the FDA has not approved ketamine for that use."
        ),
        ("FDA2023", "CRANE2023"),
    ),
    Statement(
        N_(
            "Compounded products are made up by a pharmacy, such as ketamine lozenges, tablets or nasal sprays other"
            " than Spravato. The FDA has neither approved nor evaluated them."
        ),
        ("FDA2023", "FDA2022"),
    ),
)
