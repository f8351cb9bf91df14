import pytest

from directory.domain.errors import AmbiguousPlace, UnknownPlace
from directory.domain.profile import ROUTES, mask
from directory.services.asking import ask, by_name
from tests.support.clinics import add_named, clinic_row
from tests.support.statements import counted_statements

NAMES = (
    ("Paper Kite Clinic", "Reno", "NV"),
    ("Tin Armadillo", "Boston", "MA"),
    ("Denver Ketamine Clinic", "Aurora", "CO"),
    ("Springfield Walrus", "Springfield", "IL"),
)


@pytest.fixture(autouse=True)
def _named(app):
    add_named(*(clinic_row(name=name, city=city, state=state) for name, city, state in NAMES))


@pytest.fixture
def asked(app):
    return lambda text: ask(app.extensions["geocoder"], text)


@pytest.mark.parametrize("text", ["63101", "Saint Louis, MO", "38.63, -90.19", "Denver, CO", "100 Main St, Denver, CO"])
def test_a_place_stays_the_place_that_it_was(asked, app, text):
    found = asked(text)

    assert found.place == app.extensions["geocoder"].find(text)
    assert (found.near, found.is_name) == (None, False)


@pytest.mark.parametrize(
    ("text", "near", "routes"),
    [
        ("spravato 63101", "63101", ["esketamine_nasal"]),
        ("spravato near Denver, CO", "Denver, CO", ["esketamine_nasal"]),
        ("Denver CO spravato", "Denver CO", ["esketamine_nasal"]),
        ("ketamine clinics in Denver CO", "Denver CO", []),
        ("IV ketamine for Las Vegas, NV", "Las Vegas, NV", ["iv_infusion"]),
        # an article is the place's own, and "cerca de" is not
        ("esketamina cerca de Los Ángeles", "Los Ángeles", ["esketamine_nasal"]),
        ("infusión La Mesa, CA", "La Mesa, CA", ["iv_infusion"]),
        ("clínica de ketamina de Denver, CO", "Denver, CO", []),
        # what stands beside the place may be misspelt, and so may the place
        ("ketamin clinc Denver, CO", "Denver, CO", []),
        ("esketemine Albuquerqe", "Albuquerqe", ["esketamine_nasal"]),
    ],
)
def test_what_is_looked_for_beside_a_place_narrows_the_search_around_it(asked, text, near, routes):
    found = asked(text)

    assert (found.near, found.routes, found.is_name) == (near, mask(ROUTES, routes), False)


@pytest.mark.parametrize("text", ["Boston", "spravato Boston", "Springfield", "ketamine clinic Springfield"])
def test_several_places_of_a_name_stay_a_question_whatever_stands_beside_them(asked, text):
    found = asked(text)

    assert isinstance(found.problem, AmbiguousPlace)
    assert (found.place, found.near, found.is_name) == (None, None, False)
    assert found.routes == mask(ROUTES, ["esketamine_nasal"] if "spravato" in text else [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("paper kite", "Paper Kite Clinic"), ("papr kyte", "Paper Kite Clinic"),
        ("Paper Kite, Reno, NV", "Paper Kite Clinic"),
        ("springfield walrus", "Springfield Walrus"), ("tin armadillo boston", "Tin Armadillo"),
        # a clinic that is spelled so goes before a place that is spelled almost so (Amarillo)
        ("armadillo", "Tin Armadillo"),
        # the whole name of a clinic is no place with something beside it
        ("Denver Ketamine Clinic", "Denver Ketamine Clinic"),
    ],
)  # fmt: skip
def test_the_name_of_a_clinic_is_asked_for_by_name(asked, text, name):
    found = asked(text)

    assert found.is_name
    assert found.hits.clinics[0].name == name


@pytest.mark.parametrize("text", ["Amarilo", "Denver CO", "Reno"])
def test_a_place_is_not_taken_for_the_clinics_in_it(asked, text):
    assert not asked(text).is_name


def test_a_misspelled_place_is_not_taken_for_a_clinic_that_is_called_nearly_so(asked):
    add_named(clinic_row(name="Albuquerque Walrus Ketamine", city="Boston", state="MA"))

    found = asked("Albuquerqe")

    assert not found.is_name
    assert found.place.label == "Albuquerque, NM"


@pytest.mark.parametrize("text", ["spravato", "ketamine clinic near me", "IV infusión", "clínica"])
def test_a_treatment_without_a_place_asks_for_one_and_is_kept(asked, text):
    found = asked(text)

    assert found.wants_place
    assert bool(found.routes) == (text in {"spravato", "IV infusión"})


@pytest.mark.parametrize("text", ["", " ", "\x00", "%", "Qwxyzzy", "x" * 201])
def test_what_is_neither_a_place_nor_a_clinic_stays_unknown(asked, text):
    found = asked(text)

    assert isinstance(found.problem, UnknownPlace)
    assert not found.hits.clinics


@pytest.mark.parametrize(("text", "names"), [("springfield", ["Springfield Walrus"]), ("63101", []), ("Qwxyzzy", [])])
def test_what_is_asked_for_by_name_is_not_taken_for_a_place(text, names):
    found = by_name(text)

    assert [clinic.name for clinic in found.hits.clinics] == names
    assert (found.is_name, found.place, found.problem) == (True, None, None)


def test_a_certain_place_costs_one_statement_and_nothing_takes_more_than_ten(asked):
    asked("Qwxyzzy")  # reads the gazetteer into memory
    for text, most in (("63101", 1), ("Denver, CO", 1), ("paper kite", 6), ("spravato cerca de Los Ángeles", 10)):
        with counted_statements() as seen:
            asked(text)
        assert len(seen) <= most, text
