import pytest

from directory.domain.gazetteer import SIZE_OF_AN_ORGANISATION, PlaceRow
from directory.extensions import reading
from directory.services.gazetteer import Gazetteer, load_gazetteer
from tests.support.statements import counted_statements


@pytest.mark.usefixtures("app")
def test_the_gazetteer_is_read_with_one_statement():
    with counted_statements() as seen, reading() as session:
        gazetteer = load_gazetteer(session)

    assert len(seen) == 1
    assert len(gazetteer) > 80_000
    assert gazetteer.of_zip("63101").postal_code == "63101"
    assert gazetteer.of_city("St. Louis", "MO").name == "Saint Louis"


def test_a_zip_is_found_by_its_five_digits_alone():
    centre = SMALL.of_zip("63101")

    assert (centre.name, centre.state, centre.postal_code, centre.origin) == ("Saint Louis", "MO", "63101", "own")
    assert (centre.point.latitude, centre.point.longitude, centre.accuracy_miles) == (38.6, -90.2, 1.0)
    assert SMALL.of_zip("00000") is None
    assert SMALL.of_zip("saintlouis") is None


@pytest.mark.parametrize("name", ["Saint Louis", "ST. LOUIS", "st.louis", "SaintLouis"])
def test_a_city_is_found_in_any_spelling_that_folds_to_it(name):
    assert SMALL.of_city(name, "MO").name == "Saint Louis"
    assert SMALL.of_city(name, "MO").postal_code is None


@pytest.mark.parametrize(("name", "state"), [("Saint Louis", "IL"), ("Saint", "MO"), ("", "MO")])
def test_a_city_that_the_state_does_not_have_is_not_found(name, state):
    assert SMALL.of_city(name, state) is None


def test_keys_bring_what_the_database_would():
    assert [row.key for row in SMALL.with_keys(["63101", "phoenix", "nowhere"])] == ["63101", "phoenix"]


def test_the_largest_cities_of_a_state_come_first_and_neither_second_names_nor_organisations():
    assert [row.name for row in SMALL.largest_cities("WI", limit=5)] == ["Milwaukee", "Madison"]
    assert [row.name for row in SMALL.largest_cities("WI", limit=1)] == ["Milwaukee"]
    assert SMALL.largest_cities("ZZ", limit=5) == []


@pytest.mark.parametrize(
    ("key", "state", "names"),
    [
        ("sai", None, ["Saint Louis"]), ("phoe", "AZ", ["Phoenix"]), ("phoe", "VA", []), ("ph", None, []),
        ("zzz", None, []),
        # two names at one point are one place, by the city's own name
        ("mil", "WI", ["Milwaukee"]),
    ],
)  # fmt: skip
def test_a_beginning_of_three_letters_finds_each_place_once(key, state, names):
    assert [row.name for row in SMALL.beginning_with(key, state)] == names


@pytest.mark.parametrize(
    ("key", "state", "names"),
    [
        ("milwakee", "WI", {"Milwaukee"}), ("wmilwakee", "WI", {"Milwaukee", "W Milwaukee"}),
        ("pheonix", None, {"Phoenix", "Phenix"}), ("pheonix", "AZ", {"Phoenix"}), ("phx", "AZ", set()),
        ("ketamine", None, set()),
    ],
)  # fmt: skip
def test_a_misspelt_name_finds_own_names_nearby_and_second_names_only_where_they_are_likeliest(key, state, names):
    assert {row.name for row in SMALL.resembling(key, state)} == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("mil", ["Milwaukee"]), ("m", []), ("  Phoe ", ["Phoenix"]), ("phoe va", []), ("phe", ["Phenix"]),
        # the end may be the state, after a comma or a space, or part of the name
        ("saint louis mo", ["Saint Louis"]), ("Saint Lou, Missouri", ["Saint Louis"]), ("saint, AZ", ["Saint Louis"]),
        ("saint lo", ["Saint Louis"]), ("saint lo,", ["Saint Louis"]), (", mo", []),
        # spelled almost so, where no city begins so
        ("pheonix", ["Phoenix", "Phenix"]), ("pheonix, AZ", ["Phoenix"]), ("milwakee wi", ["Milwaukee"]),
        # five letters at the least
        ("phxx", []), ("", []),
        # a ZIP code, and no city, begins with digits
        ("631", ["63101", "63102"]), (" 63102 ", ["63102"]), ("7", []),
    ],
)  # fmt: skip
def test_what_is_typed_offers_the_places_that_it_may_become(typed, names):
    assert [row.key if row.kind == "zip" else row.name for row in SMALL.begun(typed, limit=5)] == names


def test_of_many_places_the_larger_cities_and_the_first_zip_codes_are_offered():
    assert [row.name for row in SMALL.begun("pheonix", limit=1)] == ["Phoenix"]
    assert [row.key for row in SMALL.begun("6", limit=1)] == ["63101"]


def city(name, state, size=1, latitude=40.0):
    key = name.lower().replace(" ", "")
    return PlaceRow("city", key, name, state, latitude, -90.0 - size / 100, 5.0, size, "own")


SMALL = Gazetteer(
    [
        PlaceRow("zip", "63101", "Saint Louis", "MO", 38.6, -90.2, 1.0, 0, "own"),
        PlaceRow("zip", "63102", "Saint Louis", "MO", 38.6, -90.2, 1.0, 0, "own"),
        city("Saint Louis", "MO", 20), city("Phoenix", "AZ", 30), city("Phenix", "VA"), city("Milwaukee", "WI", 20),
        city("Milwaukee Ctr", "WI", 0)._replace(latitude=40.0, longitude=-90.2), city("Madison", "WI", 9),
        city("W Milwaukee", "WI", 0, 43.0), city("Parcel Return Service", "WI", SIZE_OF_AN_ORGANISATION, 44.0),
    ]
)  # fmt: skip
