"""Lets the measurement of coverage rest in tests from which the gate learns nothing: to be followed takes them longer.

Tests are followed unless they are named here: those that take long and reach only lines that shorter ones reach, and of
what runs on both engines the half on PostgreSQL, where few lines are for it alone.
"""

import os
import sys
import threading
from contextlib import contextmanager

LONG = (
    "tests/browser/",
    "tests/journeys/test_all_machines.py",
    "tests/journeys/test_hostile_visitor.py",
    "tests/journeys/test_one_score_on_both_engines.py",
    "tests/journeys/test_real_hospitals.py",
    "tests/models/",
    "tests/services/exchange/test_importing.py::test_a_file_made_of_nothing_but_hostile_strings",
    "tests/services/exchange/test_importing.py::test_at_least_99_percent",
    "tests/services/exchange/test_importing.py::test_every_hostile_string",
    "tests/services/exchange/test_importing.py::test_the_whole_hifld_file",
    "tests/services/test_demo_reviews.py::test_the_first_four_stories_stand",
    "tests/services/test_facets_random.py",
    "tests/services/test_holds.py::test_any_words",
    "tests/services/test_scores_random.py",
    "tests/services/test_search.py::test_500",
    "tests/web/test_accounts_limits.py",
    "tests/web/test_on_postgresql.py",
    "tests/web/test_limits.py",
)
#: Where PostgreSQL is asked otherwise than SQLite, or writers meet who on SQLite wait for each other.
ON_POSTGRESQL = (
    "tests/journeys/test_hostile_accounts.py",
    "tests/services/moderation/test_rechecking.py",
    "tests/services/test_accounts.py",
    "tests/services/test_claims.py",
    "tests/services/test_clinics.py",
    "tests/services/test_reviews.py",
    "tests/services/test_revisions.py",
    "tests/web/test_races.py",
)
#: Where coverage keeps, while it measures, what the processes that we start need in order to be measured as well.
_FOR_OTHER_PROCESSES = "COVERAGE_PROCESS_CONFIG"


def may_rest(test):
    """Return whether the gate learns nothing from the test of this name."""
    on_postgresql = "[postgresql" in test and not test.startswith(ON_POSTGRESQL)
    return on_postgresql or test.startswith(LONG)


@contextmanager
def resting():
    """Follow no line, of this process, of threads that begin in it or of processes that it starts.

    Where no coverage is measured nothing changes: a debugger follows lines as well.
    """
    if _FOR_OTHER_PROCESSES not in os.environ:
        yield
        return
    here, in_threads, for_others = sys.gettrace(), threading.gettrace(), os.environ.pop(_FOR_OTHER_PROCESSES)
    sys.settrace(None)
    threading.settrace(None)
    yield
    os.environ[_FOR_OTHER_PROCESSES] = for_others
    threading.settrace(in_threads)
    sys.settrace(here)
