"""The queue beside what is decided: the items that wait longest, so that nobody has to go back to see what comes."""

from datetime import datetime

from directory.domain.waiting import ItemKind
from directory.services import queue
from directory.services.queue import Queue
from directory.web.access import me

#: On which page an item of each kind is decided.
PAGES = {ItemKind.REVIEW: "moderation.review", ItemKind.LISTING: "moderation.listing"}
#: So many stand beside; the rest is on the page of the queue.
SHOWN = 8


def beside(at: datetime) -> dict[str, object]:
    """Return what templates/moderation/bench.html draws."""
    found: Queue = queue.waiting(me(), at=at)
    return {"rail": found, "shown": found.waiting[:SHOWN], "pages": PAGES}
