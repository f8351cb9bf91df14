import pytest

from directory.domain.facets import DIGITS, GROUPS, PRICES, asked, chosen, packed, tally
from directory.domain.nearby import SIGNS, Wishes

NOTHING = dict.fromkeys((group.field for group in GROUPS), 0) | {"price_min": None}
BY_NAME = {group.name: group for group in GROUPS}


def test_a_clinic_of_which_nothing_is_said_has_no_bits():
    assert packed(NOTHING) == 0


def test_the_bits_of_the_groups_never_meet_and_fit_the_column():
    for one in GROUPS:
        assert not any(one.all & other.all for other in GROUPS if other is not one)
    assert max(group.all for group in GROUPS) < 1 << 63


# Clinics that are there were packed with these: a shift that moves makes each of them say something else.
def test_the_places_of_the_bits_are_those_of_the_database():
    assert {group.name: group.shift for group in GROUPS} == {
        "route": 0, "setting": 8, "condition": 16, "therapy": 32, "insurance": 38, "payment": 44, "accepts": 50,
        "price": 56,
    }  # fmt: skip
    assert [term.word for term in PRICES] == ["200", "300", "400", "500", "600", "800", "1000"]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_what_is_asked_for_can_be_read_back(group):
    words = [term.word for term in group.choices][::2]

    assert [term.word for term in chosen(group, asked({group.name: words}))] == words


def test_a_word_of_another_group_is_refused():
    with pytest.raises(ValueError, match="ptsd"):
        asked({"route": ["ptsd"]})


@pytest.mark.parametrize(
    ("lowest", "fits"),
    [
        (None, []),
        (1, ["200", "300", "400", "500", "600", "800", "1000"]),
        (200, ["200", "300", "400", "500", "600", "800", "1000"]),
        (201, ["300", "400", "500", "600", "800", "1000"]),
        (1000, ["1000"]),
        (1001, []),
    ],
)
def test_a_price_fits_every_limit_that_it_does_not_exceed(lowest, fits):
    price = BY_NAME["price"]

    assert [term.word for term in chosen(price, packed(NOTHING | {"price_min": lowest}))] == fits


def test_a_choice_is_counted_under_all_other_groups_and_not_under_its_own():
    both, infusion, nasal = ({"routes": 5, "insurance": 1}, {"routes": 1, "insurance": 2}, {"routes": 4})
    written = "".join(clinic(**said) for said in (both, infusion, nasal))

    found = tally(written, Wishes(facets=asked({"route": ["iv_infusion"], "insurance": ["accepts"]})))

    assert found.total == 1
    assert found.counts["route"]["iv_infusion"] == 1
    assert found.counts["route"]["esketamine_nasal"] == 1
    assert found.counts["insurance"]["accepts"] == 1
    assert found.counts["insurance"]["spravato_only"] == 1
    assert found.counts["setting"]["clinic"] == 0


def test_what_was_found_is_counted_as_what_was_said_is():
    written = clinic(settled=5) + clinic(settled=3, is_confirmed=True) + clinic()

    found = tally(written, Wishes(checked_at_least=2))

    assert found.total == 2
    assert found.counts["checked"] == {"1": 2, "2": 2, "3": 2, "4": 1, "5": 1}
    assert found.counts["no_confirmed"] == {"1": 1}
    assert tally(written, Wishes(without_confirmed=True, checked_at_least=SIGNS)).total == 1


def test_of_no_clinics_nothing_is_counted():
    found = tally("", Wishes())

    assert found.total == 0
    assert {count for counts in found.counts.values() for count in counts.values()} == {0}


def clinic(*, settled=0, is_confirmed=False, **said):
    """Write a clinic as the databases do."""
    written = f"{1 << settled | (0 if is_confirmed else 64):02x}{packed(NOTHING | said):016x}"
    assert len(written) == DIGITS
    return written
