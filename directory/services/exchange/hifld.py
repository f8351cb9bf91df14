"""The HIFLD list of hospitals (Homeland Infrastructure Foundation-Level Data, public domain).

Names stay in the source's capitals, because nothing tells "UCSF" from a word. X and Y are Web Mercator metres and
not used.
"""

from datetime import date

from directory.services.exchange.preset import Preset, Texts, padded_id

_ID_LENGTH = 10


def _seen_on(texts: Texts) -> date | None:
    """Return the later of the dates on which the row was validated and its source was read."""
    written = [texts[field] for field in ("validated", "sourced") if texts.get(field)]
    return max((date.fromisoformat(each[:10].replace("/", "-")) for each in written), default=None)


PRESET = Preset(
    name="hifld",
    source="hifld",
    title="HIFLD Hospitals",
    columns={
        "source_id": ("ID",),
        "name": ("NAME",),
        "address": ("ADDRESS",),
        "city": ("CITY",),
        "state": ("STATE",),
        "zip": ("ZIP",),
        "phone": ("TELEPHONE",),
        "website": ("WEBSITE",),
        "latitude": ("LATITUDE",),
        "longitude": ("LONGITUDE",),
        "status": ("STATUS",),
        "validated": ("VAL_DATE",),
        "sourced": ("SOURCEDATE",),
    },
    required=("source_id", "name", "address", "city", "state", "zip", "latitude", "longitude", "status", "sourced"),
    key=padded_id(_ID_LENGTH),
    blanks=frozenset({"NOT AVAILABLE", "-999"}),
    seen_on=_seen_on,
)
