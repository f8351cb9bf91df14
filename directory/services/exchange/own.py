"""Our own CSV: one clinic a row, with an id of its own or known again by its name, address and ZIP."""

from hashlib import sha256

from directory.domain.facts import VOCABULARIES
from directory.domain.folding import fold
from directory.domain.listings import MAX_KEY_BYTES
from directory.services.exchange.preset import Preset, Texts


def _key(texts: Texts) -> str:
    """Return the row's id, else its folded name, address and ZIP, or their digest where they are very long."""
    if texts.get("source_id"):
        return texts["source_id"]
    key = "|".join((fold(texts["name"]), fold(texts["address"]), texts["zip"]))
    return key if len(key.encode()) <= MAX_KEY_BYTES else sha256(key.encode()).hexdigest()


PRESET = Preset(
    name="directory",
    source="directory",
    title="The directory's own list",
    columns={
        "name": ("name",),
        "address": ("address",),
        "city": ("city",),
        "state": ("state",),
        "zip": ("zip", "zip code", "postal code"),
        "phone": ("phone", "telephone"),
        "website": ("website",),
        "latitude": ("latitude",),
        "longitude": ("longitude",),
        "source_id": ("source_id",),
        "npi": ("npi",),
        "contact_email": ("contact_email",),
        **{name: (name,) for name in VOCABULARIES},
        "price_min": ("price_min",),
        "price_max": ("price_max",),
        "status": ("status",),
        "organisation": ("organisation", "organization"),
    },
    required=("name", "address", "city", "state", "zip"),
    key=_key,
)
