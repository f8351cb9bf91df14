from datetime import UTC, datetime, timedelta

import pytest

from tests.support.engines import ON_ONE_ENGINE
from tests.support.reviews import account, changes_requested, decided, link, reviewed_clinic, status_of, submitted


@pytest.mark.parametrize(("days", "number", "status"), [(29, 0, "changes_requested"), (31, 1, "withdrawn")])
@ON_ONE_ENGINE
def test_reviews_lapse_by_a_command(app, days, number, status):
    at = datetime.now(UTC) - timedelta(days=days)
    answers = {"cure_all_claims": ("yes", link(on=at.date()))}
    review = submitted(reviewed_clinic(), account(since=at), answers, at=at)
    decided(review, changes_requested(), moderator=account(since=at), at=at)

    outcome = app.test_cli_runner().invoke(args=["reviews", "lapse"])

    assert (outcome.exit_code, outcome.output) == (0, f"Reviews lapsed: {number}.\n")
    assert status_of(review)[0] == status
