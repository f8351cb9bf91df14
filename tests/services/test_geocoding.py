from contextlib import suppress

import pytest
from geopy.geocoders.base import Geocoder
from sqlalchemy import select

from directory.domain.errors import AmbiguousPlace, UnknownPlace
from directory.domain.geo import Point
from directory.extensions import reading
from directory.models.place import Place
from directory.services.gazetteer import Gazetteer
from directory.services.geocoding import build_geocoder, find
from tests.support import hostile
from tests.support.engines import ON_ONE_ENGINE
from tests.support.statements import counted_statements


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("63101", "Saint Louis, MO 63101"), ("63101-1234", "Saint Louis, MO 63101"), ("2138", "Cambridge, MA 02138"),
        ("６３１０１", "Saint Louis, MO 63101"), ("MO 63101", "Saint Louis, MO 63101"),
        ("63101 Saint Louis MO", "Saint Louis, MO 63101"), ("Springfield 65801", "Springfield, MO 65801"),
        ("Saint Louis, MO", "Saint Louis, MO"), ("st louis mo", "Saint Louis, MO"),
        ("St. Louis Missouri", "Saint Louis, MO"),
        ("St.Louis, Mo.", "Saint Louis, MO"), ("Washington DC", "Washington, DC"),
        ("Washington, D.C.", "Washington, DC"),
        ("New York, NY", "New York, NY"), ("NYC", "New York, NY"), ("Kansas City Kansas", "Kansas City, KS"),
        ("Port Washington NY", "Port Washington, NY"), ("Portland Maine", "Portland, ME"),
        ("O'Fallon, MO", "O Fallon, MO"), ("O’Fallon MO", "O Fallon, MO"), ("Oʼfallon, mo", "O Fallon, MO"),
        ("Coeur d'Alene", "Coeur D Alene, ID"), ("Hagåtña GU", "Hagatna, GU"), ("Cañon City CO", "Canon City, CO"),
        ("Ｃｈｉｃａｇｏ， ＩＬ", "Chicago, IL"), ("Ft. Worth TX", "Fort Worth, TX"),
        ("Mt. Pleasant, SC", "Mount Pleasant, SC"),
        ("Sault Ste. Marie MI", "Sault Sainte Marie, MI"), ("Winston-Salem NC", "Winston Salem, NC"),
        ("Adak", "Adak, AK"),
        ("Billings MT", "Billings, MT"), ("Boston, Mass.", "Boston, MA"), ("Denver, CO, USA", "Denver, CO"),
        ("Pago Pago, AS", "Pago Pago, AS"), ("Saipan MP", "Saipan, MP"), ("Koror PW", "Koror, PW"),
        ("Charlotte Amalie VI", "Charlotte Amalie, VI"), ("San Juan, PR", "San Juan, PR"),
        ("San Juan Puerto Rico", "San Juan, PR"), ("Pittsburg, KS", "Pittsburg, KS"), ("Chicago", "Chicago, IL"),
        ("near Chicago", "Chicago, IL"), ("close to Denver, CO", "Denver, CO"),
        ("Washington 20001", "Washington, DC 20001"),
        ("TX 75001 Addison", "Addison, TX 75001"), ("Addison, 75001, TX", "Addison, TX 75001"),
        ("Addison 75001-1234, TX", "Addison, TX 75001"), ("75001-1234 Addison TX", "Addison, TX 75001"),
        ("Nueva York, NY", "New York, NY"), ("cerca de Filadelfia, Pensilvania", "Philadelphia, PA"),
        ("en Albuquerque, Nuevo México", "Albuquerque, NM"), ("Nueva Orleans", "New Orleans, LA"),
        ("New York 10001 New York", "New York, NY 10001"), ("Saint Louis, MO 63101–1234", "Saint Louis, MO 63101"),
    ],
)  # fmt: skip
def test_a_name_in_any_of_its_spellings_is_found_with_one_statement(geocoder, text, label):
    with counted_statements() as seen:
        place = find(geocoder, text)

    assert (place.label, place.notes) == (label, ())
    assert len(seen) == 1


def test_coordinates_are_found_without_the_database(geocoder):
    with counted_statements() as seen:
        place = find(geocoder, "38.627003, -90.199404")

    assert (place.label, place.precision, place.point.latitude) == ("38.627, -90.1994", "point", 38.627003)
    assert seen == []


@pytest.mark.parametrize(
    ("text", "label", "unused"),
    [
        ("1234 Market St, Saint Louis, MO 63101", "Saint Louis, MO 63101", "1234 Market St"),
        ("1234 Market St, St. Louis, MO", "Saint Louis, MO", "1234 Market St"),
        ("123 Main St Springfield IL", "Springfield, IL", "123 Main St"),
        ("12345 Main St, Springfield, IL", "Springfield, IL", "12345 Main St"),
        ("1600 Pennsylvania Ave NW Washington DC 20500", "Washington, DC 20500", "1600 Pennsylvania Ave NW"),
        # a state's name after a street is a city's, where a city in that state bears it
        ("350 5th Ave, New York", "New York, NY", "350 5th Ave"),
        ("100 Broad St, New York", "New York, NY", "100 Broad St"),
        ("350 5th Ave New York", "New York, NY", "350 5th Ave"),
        ("1 Lincoln St, Washington, 20001", "Washington, DC 20001", "1 Lincoln St"),
        # a street that bears a city's name contradicts no ZIP
        ("500 Broadway, 10012", "New York, NY 10012", "500 Broadway"),
        ("1234 Elm, 62704", "Springfield, IL 62704", "1234 Elm"),
        ("1 Lincoln, 20001", "Washington, DC 20001", "1 Lincoln"),
        ("Suite 5, The Old Mill 63101", "Saint Louis, MO 63101", "Suite 5 The Old Mill"),
    ],
)
def test_an_address_falls_back_to_its_zip_or_city_and_says_so(geocoder, text, label, unused):
    place = find(geocoder, text)

    assert place.label == label
    assert str(place.notes[0]) == f"“{unused}” was not looked up: distances are measured from the middle of {label}."


def test_a_zip_of_another_state_than_the_one_typed_says_so(geocoder):
    place = find(geocoder, "IL 63101")

    assert place.label == "Saint Louis, MO 63101"
    assert "Missouri" in str(place.notes[0])


def test_a_zip_that_nobody_knows_gives_way_to_the_city_beside_it_and_says_so(geocoder):
    place = find(geocoder, "Saint Louis, MO 63000")

    assert place.label == "Saint Louis, MO"
    assert "63000" in str(place.notes[0])


@pytest.mark.parametrize("text", ["96917", "Inarajan GU"])
def test_a_place_that_was_put_among_its_neighbours_says_so(geocoder, text):
    assert "no place of its own" in str(find(geocoder, text).notes[0])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Springfield", ["Springfield, MA", "Springfield, MO", "Springfield, IL"]),
        ("Portland", ["Portland, OR", "Portland, ME"]), ("Kansas City", ["Kansas City, MO", "Kansas City, KS"]),
        ("Port Washington", ["Port Washington, NY"]), ("San Juan", ["San Juan, PR", "San Juan, TX"]),
        ("Washington", ["Washington, DC"]), ("New York", ["New York, NY", "Brooklyn, NY"]),
        ("Indiana", ["Indiana, PA", "Indianapolis, IN"]), ("Missouri", ["Kansas City, MO", "Saint Louis, MO"]),
        ("MO", ["Kansas City, MO", "Saint Louis, MO"]), ("West Virginia", ["Charleston, WV"]),
        ("MT", ["Billings, MT"]),
        ("Chicago, IL 63101", ["Saint Louis, MO 63101", "Chicago, IL"]),
        ("Springfield 63101", ["Saint Louis, MO 63101", "Springfield, MA"]),
        ("Kansas City, MO 63101", ["Saint Louis, MO 63101", "Kansas City, MO"]),
        ("Springf", ["Springfield, MA"]), ("Chicago, MO", ["Chicago, IL"]), ("Arizonna", ["Phoenix, AZ"]),
        ("400 Main St, Washington", ["Washington, DC"]), ("100 Main St, Indiana", ["Indiana, PA"]),
        ("500 Broadway, NC 10012", ["New York, NY 10012", "Broadway, NC"]),
        ("63101 Chicago", ["Saint Louis, MO 63101", "Chicago, IL"]),
        ("Chicago, TX", ["Chicago, IL", "Chico, TX"]),
        # words before a name may belong to it
        ("ketamine clinic Chicago", ["Chicago, IL"]), ("Martha's Vineyard", ["Vineyard, UT"]),
        ("Harvard University", ["University, MS"]), ("Napa Valley", ["Valley, AL"]),
        ("State of Maine", ["Maine, NY", "Portland, ME"]),
        # the larger places of a small state
        ("ME", ["Portland, ME", "Augusta, ME", "Auburn, ME", "Lewiston, ME"]),
        ("VT", ["Burlington, VT"]), ("HI", ["Honolulu, HI", "Jbphh, HI", "Kapolei, HI", "Hilo, HI"]),
        ("NH", ["Manchester, NH", "Nashua, NH"]), ("DE", ["Wilmington, DE", "Newark, DE", "Dover, DE"]),
        ("WV", ["Charleston, WV", "Huntington, WV", "Morgantown, WV"]), ("WY", ["Casper, WY", "Cheyenne, WY"]),
        ("DC", ["Washington, DC", "Washington Navy Yard, DC"]),
    ],
)  # fmt: skip
def test_what_may_be_several_places_is_a_choice_the_largest_first(geocoder, text, first):
    with pytest.raises(AmbiguousPlace) as caught:
        find(geocoder, text)

    candidates = caught.value.candidates
    assert [place.label for place in candidates][: len(first)] == first
    assert len(candidates) <= 10
    for place in candidates:
        assert find(geocoder, place.label) == place


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Springfield", "10 of the larger ones"),
        ("Springf", "these 10 are likeliest"),
        ("Missouri", "among its larger places"),
        ("Indiana", "for any other"),
    ],
)
def test_choices_that_are_not_all_say_so(geocoder, text, words):
    with pytest.raises(AmbiguousPlace, match=words):
        find(geocoder, text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("San Fran", "San Francisco, CA"), ("Springf IL", "Springfield, IL"),
        ("Charlotte Am", "Charlotte Amalie, VI"),
        ("Pheonix AZ", "Phoenix, AZ"), ("Chcago", "Chicago, IL"), ("Sant Louis MO", "Saint Louis, MO"),
        ("Albuqerque", "Albuquerque, NM"), ("Pittsburg PA", "Pittsburgh, PA"), ("Phoenix, Arizonna", "Phoenix, AZ"),
        ("Phoenix Arizonna", "Phoenix, AZ"), ("Pheonix, Arizonna", "Phoenix, AZ"), ("Los Angelas", "Los Angeles, CA"),
        ("Bosie ID", "Boise, ID"), ("Tuscon", "Tucson, AZ"), ("Milwakee WI", "Milwaukee, WI"),
        ("Nwe York NY", "New York, NY"),
        ("Huston TX", "Houston, TX"), ("Las Vagas, NV", "Las Vegas, NV"),
        ("Colorodo Springs CO", "Colorado Springs, CO"),
        ("123 Main St, Sprngfield, IL", "Springfield, IL"), ("63101 Missoura", "Saint Louis, MO 63101"),
    ],
)  # fmt: skip
def test_one_place_cut_short_or_misspelt_is_found_and_says_what_it_is(geocoder, text, label):
    place = find(geocoder, text)

    assert place.label == label
    assert str(place.notes[0]) == f"We know no “{text}”; this is {label}."


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("Pheonix", "Phoenix, AZ"),
        ("Miama FL", "Miami, FL"),
        ("Seatle", "Seattle, WA"),
        ("Worchester MA", "Worcester, MA"),
    ],
)
def test_a_typo_that_lies_between_places_is_a_choice(geocoder, text, among):
    with pytest.raises(AmbiguousPlace, match="Did you mean") as caught:
        find(geocoder, text)

    assert among in {place.label for place in caught.value.candidates}


@pytest.mark.parametrize(
    "text",
    ["asdfghjkl", "ketamine", "xyz", "<script>alert(1)</script>", "hello world", "infusion", "depression", "nowhere",
     "test",
     "12 Oak St Sprngfield", "near me", "63101, 10001", "-38.63N, 90.19W",
     "anywhere USA", "2138 Main St", "Marshall Islands", "🏥", "63000", "MO 63000", "96941", "0,0", "", "x" * 500],
)  # fmt: skip
def test_words_that_are_no_place_are_told_what_to_type(geocoder, text):
    with pytest.raises(UnknownPlace, match="Type "):
        find(geocoder, text)


def test_once_in_memory_a_typo_costs_one_statement(geocoder):
    find(geocoder, "Pheonix AZ")

    with counted_statements() as seen:
        find(geocoder, "Chcago")

    assert len(seen) == 1


@ON_ONE_ENGINE
@pytest.mark.usefixtures("app")
def test_a_geocoder_that_was_prepared_reads_no_gazetteer_when_it_is_asked():
    geocoder = build_geocoder("offline")

    geocoder.prepare()

    with counted_statements() as seen:
        assert geocoder.suggest("Chica", limit=1)[0].label == "Chicago, IL"
    assert seen == []


@ON_ONE_ENGINE
def test_the_largest_cities_around_a_place_are_told_from_memory(geocoder):
    geocoder.prepare()

    with counted_statements() as seen:
        around = geocoder.largest_around(Point(38.63, -90.19), 20, limit=2)

    assert [(row.name, row.state) for row in around] == [("Saint Louis", "MO"), ("East Saint Louis", "IL")]
    assert seen == []


def test_the_label_of_a_place_finds_exactly_that_place(geocoder):
    with reading() as session:
        places = session.execute(select(Place.kind, Place.key, Place.state, Place.name).order_by(Place.id)).all()

    for kind, key, state, name in [*places[::400], *(row for row in places if row.name in AWKWARD)]:
        found = find(geocoder, f"{name}, {state} {key}" if kind == "zip" else f"{name}, {state}")
        assert (found.state, found.city, found.precision) == (state, name, kind)
        assert found.postal_code == (key if kind == "zip" else None)


def test_it_is_a_geopy_geocoder(geocoder):
    assert isinstance(geocoder, Geocoder)
    location = geocoder.geocode("Saint Louis, MO", timeout=1)
    assert (location.address, location.raw["precision"]) == ("Saint Louis, MO", "city")
    assert location.latitude == pytest.approx(38.63, abs=0.1)
    assert [each.address for each in geocoder.geocode("Kansas City", exactly_one=False)] == [
        "Kansas City, MO",
        "Kansas City, KS",
    ]
    assert geocoder.geocode("Kansas City").address == "Kansas City, MO"
    assert geocoder.geocode("xyz") is None
    assert geocoder.geocode("xyz", exactly_one=False) is None


def test_naughty_strings_find_a_place_or_are_told_what_to_type(geocoder):
    strings = hostile.strings()
    assert len(strings) > 1200

    for string in strings:
        with suppress(UnknownPlace, AmbiguousPlace):
            assert find(geocoder, string).label


@pytest.mark.usefixtures("app")
def test_an_empty_gazetteer_is_not_kept_in_memory():
    geocoder = build_geocoder("offline")
    geocoder._gazetteer = Gazetteer([])

    assert find(geocoder, "Chcago").label == "Chicago, IL"


AWKWARD = {"Washington", "Indiana", "Nevada", "New York", "Kansas City", "North", "Saint Louis", "Virginia", "Oregon"}


@pytest.fixture
def geocoder(app):
    return app.extensions["geocoder"]
