"""What waits for a moderator: reviews, and suggestions about listings, in the one order in which they came."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class ItemKind(StrEnum):
    """What is decided on."""

    LISTING = "listing"
    REVIEW = "review"


class Item(NamedTuple):
    """Something to decide on, by the name in its address."""

    kind: ItemKind
    public_id: str


class Place(NamedTuple):
    """Where something stands in the queue: since when it waits, and what comes first of one moment."""

    since: datetime
    kind: ItemKind
    id: int
