from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st

from directory.domain.leases import LENGTH, LONGEST, PROMISED, Lease, is_over_time, renewed, taken
from tests.support.drawn_cases import for_every

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINE, THEIRS = 1, 2


def minutes(number):
    return timedelta(minutes=number)


def test_the_times_are_those_of_the_policy():
    assert [minutes(15), minutes(60), timedelta(days=14)] == [LENGTH, LONGEST, PROMISED]


@pytest.mark.parametrize(("passed", "holds"), [(0, True), (14, True), (15, False), (90, False)])
def test_a_lease_holds_for_a_quarter_of_an_hour_and_not_a_moment_longer(passed, holds):
    lease, at = taken(MINE, NOON), NOON + minutes(passed)

    assert lease.is_live(at) == holds
    assert (lease.is_of(MINE, at), lease.is_of(THEIRS, at)) == (holds, False)
    assert (lease.keeps_out(THEIRS, at), lease.keeps_out(MINE, at)) == (holds, False)


@pytest.mark.parametrize(
    ("renewed_after", "holds_until"),
    [((5,), 20), ((5, 5), 20), ((14, 28, 42), 57), ((14, 28, 42, 56), 60), ((59,), 60)],
)
def test_it_is_renewed_to_an_hour_after_it_was_taken(renewed_after, holds_until):
    lease = taken(MINE, NOON)
    for passed in renewed_after:
        lease = renewed(lease, NOON + minutes(passed))

    assert lease == Lease(MINE, NOON, NOON + minutes(holds_until))


@for_every(passed=st.lists(st.integers(0, 90), max_size=8))
def test_no_renewal_ever_shortens_it_or_takes_it_past_the_hour(passed):
    lease = taken(MINE, NOON)

    for number in sorted(passed):
        before, lease = lease, renewed(lease, NOON + minutes(number))

        assert before.until <= lease.until <= NOON + LONGEST


@pytest.mark.parametrize(("waited", "over"), [(PROMISED, False), (PROMISED + timedelta(seconds=1), True)])
def test_what_waits_longer_than_two_weeks_is_over_the_promised_time(waited, over):
    assert is_over_time(NOON, NOON + waited) == over
