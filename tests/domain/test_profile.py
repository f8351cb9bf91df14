import pytest

from directory.domain.profile import CONDITIONS, ROUTES, SETTINGS, mask, terms


@pytest.mark.parametrize("vocabulary", [ROUTES, SETTINGS, CONDITIONS])
def test_every_set_of_terms_survives_being_stored(vocabulary):
    for bits in range(1 << min(len(vocabulary), 8)):
        assert mask(vocabulary, (term.word for term in terms(vocabulary, bits))) == bits


@pytest.mark.parametrize("vocabulary", [ROUTES, SETTINGS, CONDITIONS])
def test_each_word_and_each_label_stands_once(vocabulary):
    assert len({term.word for term in vocabulary}) == len({term.label for term in vocabulary}) == len(vocabulary)


def test_the_order_of_routes_is_frozen_because_it_is_stored():
    assert [term.word for term in ROUTES] == [
        "iv_infusion", "im_injection", "esketamine_nasal", "compounded_nasal", "lozenge_troche", "oral_tablet",
    ]  # fmt: skip


def test_a_word_said_twice_counts_once():
    assert mask(ROUTES, ["iv_infusion", "iv_infusion"]) == 1


def test_nothing_said_is_no_term():
    assert mask(ROUTES, []) == 0
    assert terms(ROUTES, 0) == []


def test_a_word_outside_the_vocabulary_is_named():
    with pytest.raises(ValueError, match="telepathy"):
        mask(ROUTES, ["iv_infusion", "telepathy"])
