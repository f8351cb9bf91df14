import pytest

from directory.services import names
from directory.services.suggesting import MOST_OFFERED, Suggestions, suggest
from tests.support.clinics import add_named, clinic_row
from tests.support.statements import counted_statements


@pytest.fixture
def offered(app):
    geocoder = app.extensions["geocoder"]
    geocoder.prepare()
    return lambda typed: suggest(geocoder, typed)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("chica", "Chicago, IL"), ("springf, mo", "Springfield, MO"), ("springf mo", "Springfield, MO"),
        ("6310", "Saint Louis, MO 63101"), ("Albuquerqe", "Albuquerque, NM"),
    ],
)  # fmt: skip
def test_the_larger_places_that_the_beginning_may_become_are_offered_first(offered, typed, label):
    assert offered(typed).places[0].label == label


def test_clinics_are_offered_by_the_beginning_of_their_name(offered):
    add_named(clinic_row(name="Paper Kite Clinic"), clinic_row(name="Tin Walrus"))

    found = offered("paper ki")

    assert [clinic.name for clinic in found.clinics] == ["Paper Kite Clinic"]


def test_a_clinic_that_has_only_part_of_the_words_is_not_offered(offered):
    add_named(clinic_row(name="Paper Kite Clinic"))

    assert names.find("paper kite walnut").clinics
    assert offered("paper kite walnut").clinics == ()


def test_at_most_five_of_each_are_offered(offered):
    add_named(*(clinic_row(name=f"Spring {letter}") for letter in "abcdefg"))

    found = offered("spring")

    assert (len(found.places), len(found.clinics)) == (MOST_OFFERED, MOST_OFFERED)


@pytest.mark.parametrize("typed", ["", "  ", "ch", "6-3", "%%%%", "\x00"])
def test_less_than_three_letters_or_digits_offer_nothing_and_ask_nothing(offered, typed):
    with counted_statements() as statements:
        assert offered(typed) == Suggestions()

    assert statements == []


@pytest.mark.parametrize("typed", ["paper ki", "chica", "paper kite clinic reno", "qwxyzzy"])
def test_it_takes_at_most_five_statements(offered, typed):
    add_named(clinic_row(name="Paper Kite Clinic", city="Reno", state="NV"))

    with counted_statements() as statements:
        offered(typed)

    assert len(statements) <= 5
