import pytest

from directory.domain.naming import ALL, Fit, Scales, Slot, worth_showing

KITE, PAPER = Slot("kite", {"kite": 100}), Slot("paper", {"paper": 100})
CLINIC = Slot("clinic", {"clinic": 100})


def fit(*slots, name="paper kite clinic", city="Boise", state="ID"):
    return Scales(slots).fit(name_key=name, city=city, state=state)


def test_a_name_that_is_what_was_typed_and_nothing_else_has_every_point():
    assert fit(PAPER, KITE, CLINIC) == Fit(ALL, is_whole=True, is_exact=True)


def test_the_order_of_the_words_does_not_matter():
    assert fit(CLINIC, KITE, PAPER) == fit(PAPER, KITE, CLINIC)


def test_each_word_that_nobody_typed_takes_a_little_off():
    assert fit(PAPER, name="paper kite").points < fit(PAPER, name="paper").points
    assert fit(PAPER, name="paper clinic").points > fit(PAPER, name="paper kite").points


def test_a_word_that_nearly_every_clinic_has_keeps_none_out():
    found = fit(PAPER, CLINIC, name="paper kite")

    assert found.is_whole
    assert found.points > fit(PAPER, KITE, name="paper clinic").points


def test_a_word_that_tells_clinics_apart_and_is_missing_makes_it_less_than_whole():
    assert not fit(PAPER, Slot("walrus", {})).is_whole


def test_a_misspelt_word_is_whole_and_not_exact():
    found = fit(Slot("kyte", {"kite": 85}))

    assert (found.is_whole, found.is_exact) == (True, False)


def test_a_city_or_a_state_answers_for_a_word_and_names_no_clinic_alone():
    boise, idaho = Slot("boise", {"boise": 100}), Slot("idaho", {})

    assert fit(PAPER, boise, idaho).is_exact
    assert fit(PAPER, Slot("id", {}, typed="id")).is_exact
    assert not fit(boise, idaho).is_whole
    assert fit(PAPER, boise).points > fit(PAPER, idaho).points


def test_of_words_alone_that_every_clinic_has_each_must_be_there():
    assert fit(CLINIC).is_whole
    assert not fit(CLINIC, Slot("hospital", {"hospital": 100})).is_whole


def test_a_word_misspelt_for_a_common_one_is_a_common_one():
    assert Slot("clinik", {"clinic": 85}).is_generic
    assert not Slot("kite", {"kite": 100, "care": 40}).is_generic


@pytest.mark.parametrize(
    ("points", "shown"),
    [([], 0), ([1000, 990, 500], 2), ([600, 590, 410, 390], 3), ([340, 330], 0)],
)
def test_what_is_far_below_the_best_is_not_shown_nor_what_answers_nothing(points, shown):
    assert worth_showing([Fit(each, is_whole=False, is_exact=False) for each in points]) == shown


def test_beside_whole_answers_partial_ones_are_not_shown():
    fits = [Fit(900, is_whole=True, is_exact=True), Fit(890, is_whole=False, is_exact=False)]

    assert worth_showing(fits) == 1
