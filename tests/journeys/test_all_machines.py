"""Everything that can happen to reviews and listings, in any order and by anybody: no state that is none, no 500."""

from tests.support.machines.telling import tell


def test_whatever_people_do_in_whatever_order_nothing_stands_where_it_cannot(app):
    tally = tell(app, tellings=4, steps=30)

    assert tally.steps > 100
    assert {why for _, why in tally.refused} >= {"Forbidden", "Conflict", "InvalidTransition", "NotFound"}
