"""Has coverage follow the tests of the rooms behind the gate, which run first, and no other.

To be followed costs a test up to half of its time again, and what lies behind the gate is to be held by tests of its
own, not by a page that happens to call it.
"""

from pathlib import Path

from coverage import Coverage

_TESTS = Path(__file__).parent.parent
_UNFOLLOWED = {"browser", "journeys", "web"}


def is_unfollowed(item):
    """Return whether a test is one of pages and of whole journeys."""
    return item.path.relative_to(_TESTS).parts[0] in _UNFOLLOWED


def follow_no_more():
    """End what follows this process, if anything does. What it caches was seen: the followed tests ran before."""
    if running := Coverage.current():
        running.stop()
