"""The labelled queries of benchmarks/relevance: all on SQLite, a part on PostgreSQL with the same answers."""

from benchmarks import relevance
from benchmarks.relevance.__main__ import LEAST_FIRST, LEAST_RECALL
from tests.conftest import emptied_after

_PART = 4


def test_two_hundred_queries_find_what_they_mean_first_and_both_engines_agree(sqlite_app, postgresql_app):
    with emptied_after(sqlite_app) as app:
        judged = answers(app)
    with emptied_after(postgresql_app) as app:
        part = answers(app, step=_PART)

    assert len(judged) == 200
    assert sum(each.recall for each in judged) / len(judged) >= LEAST_RECALL
    assert sum(each.is_first_right for each in judged) / len(judged) >= LEAST_FIRST
    assert part == judged[::_PART]


def answers(app, **options):
    relevance.load()
    return relevance.judge(app.extensions["geocoder"], **options)
