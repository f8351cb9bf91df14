import pytest

from directory.domain.nearby import Count, Order, Wishes, capped, looks


@pytest.mark.parametrize(
    ("counted", "count"),
    [(0, Count(0, False)), (999, Count(999, False)), (1000, Count(1000, False)), (1001, Count(1000, True))],
)
def test_counting_stops_at_a_thousand_and_says_so(counted, count):
    assert capped(counted) == count


@pytest.mark.parametrize(
    ("count", "after", "expected"),
    [
        # Nothing there: no look at all.
        (Count(0, False), 0, []),
        # Up to ten pages are read in one look.
        (Count(200, False), 0, [25]),
        # More begin with the circle that should hold one and a half pages, then one of twice its radius.
        (Count(600, False), 0, [pytest.approx(5.59, abs=0.01), pytest.approx(11.18, abs=0.01), 25]),
        # A full cap begins at two miles.
        (Count(1000, True), 0, [2, pytest.approx(8.66, abs=0.01), 25]),
        # A later page looks beyond the ones before it.
        (Count(1000, True), 20, [pytest.approx(20.1, abs=0.01), pytest.approx(21.79, abs=0.01), 25]),
        # No look is wider than the circle.
        (Count(1000, True), 24.99, [25]),
    ],
)
def test_a_page_is_looked_for_close_by_first(count, after, expected):
    assert looks(Wishes(radius_miles=25, limit=20), count, after) == expected


def test_the_smallest_circle_is_looked_at_whole():
    assert looks(Wishes(radius_miles=1), Count(1000, True)) == [pytest.approx(0.346, abs=0.001), 1]


def test_words_are_folded_and_whatever_leaves_clinics_out_is_a_filter():
    assert Wishes(words=" St. Élan’s ").folded_words == ["saint", "elans"]
    assert Wishes(words="x").has_filters
    assert Wishes(facets=1).has_filters
    assert Wishes(without_confirmed=True).has_filters
    assert Wishes(checked_at_least=1).has_filters
    assert not Wishes(words=" ’ ", order=Order.SIGNS).has_filters


def test_a_word_that_is_typed_often_is_looked_for_once():
    assert Wishes(words="Kite paper kite KITE").folded_words == ["kite", "paper"]


@pytest.mark.parametrize("order", list(Order))
def test_every_order_has_a_label(order):
    assert order.label
