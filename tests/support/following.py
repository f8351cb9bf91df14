"""Has coverage follow the tests of the rooms behind the gate, which run first, and no other.

To be followed costs a test up to half of its time again, and what lies behind the gate is to be held by tests of its
own, not by a page that happens to call it. Nor are those followed that draw hundreds of cases
at random.
"""

from pathlib import Path

from coverage import Coverage

_TESTS = Path(__file__).parent.parent
_UNFOLLOWED = {"browser", "journeys", "web"}
_LARGE = {
    "domain/test_score_properties.py",
    "services/test_facets_random.py",
    "services/test_scores_random.py",
    "test_relevance.py",
}


def is_unfollowed(item):
    """Return whether a test is one of pages, of whole journeys, or a large one; a file is so as a whole."""
    path = item.path.relative_to(_TESTS)
    return path.parts[0] in _UNFOLLOWED or path.as_posix() in _LARGE


def follow_no_more():
    """End what follows this process, if anything does. What it caches was seen: the followed tests ran before."""
    if running := Coverage.current():
        running.stop()
