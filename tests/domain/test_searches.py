import pytest

from directory.domain.errors import UnknownPlace
from directory.domain.geo import Point
from directory.domain.searches import LONGEST_TEXT, read


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("38.63,-90.19", (38.63, -90.19)), ("38.63 -90.19", (38.63, -90.19)), ("(38.63, -90.19)", (38.63, -90.19)),
        ("38.63° N, 90.19° W", (38.63, -90.19)), ("38.63N 90.19W", (38.63, -90.19)),
        ("33.8 s; 151.2 e", (-33.8, 151.2)),
        ("38.63,−90.19", (38.63, -90.19)), ("３８.６３, －９０.１９", (38.63, -90.19)), ("0, -90.1", (0, -90.1)),
        ("38.627003,-90.199404", (38.627003, -90.199404)), (".5, +1.", (0.5, 1)),
        # a negative number with S or W is negative once
        ("38.63N, -90.19W", (38.63, -90.19)), ("-33.8 S, 151.2", (-33.8, 151.2)),
        ("N38.63 W90.19", (38.63, -90.19)), ("N 38.63, W 90.19", (38.63, -90.19)), ("38.63N90.19W", (38.63, -90.19)),
        ("N38.63W90.19", (38.63, -90.19)),
        ("38°30'18\"N 90°15'36\"W", (38.505, -90.26)), ("38°30′18″N, 90°15′36″W", (38.505, -90.26)),
        ("38º30’18”N 90º15’36”W", (38.505, -90.26)), ("N 38° 30.3' W 90° 15.6'", (38.505, -90.26)),
        ("-33°30', 151°15'", (-33.5, 151.25)),
        ("38.63, -90.19, USA", (38.63, -90.19)), ("38.63 -90.19 U.S.", (38.63, -90.19)),
        ("38.63, –90.19", (38.63, -90.19)), ("38.63,—90.19", (38.63, -90.19)), ("38.63,‐90.19", (38.63, -90.19)),
        # commas are decimal only where a semicolon divides
        ("38,63; -90,19", (38.63, -90.19)), ("38,63° N; 90,19° W", (38.63, -90.19)),
    ],
)  # fmt: skip
def test_coordinates_are_read_in_the_ways_that_maps_write_them(text, point):
    found = read(text)

    assert (found.latitude, found.longitude) == pytest.approx(point)
    assert isinstance(found, Point)


@pytest.mark.parametrize(
    "text",
    [
        "0,0", "0.0, -0.0", "0.00001, 0", "91, 0", "0, 181", "nan, nan", "inf,-inf", "9" * 90 + ", 1", "-90.19, 38.63",
        "-38.63N, 90.19W", "38.63N, -90.19E", "N38.63N, 90.19W", "38°60'N 90°W", "38°30'60\"N 90°W",
        # what looks like coordinates and cannot be read
        "90.19W, 38.63N", "38° and a bit", "38.63", "38°37 N",
    ],
)  # fmt: skip
def test_coordinates_of_no_place_are_refused_with_the_remedy(text):
    with pytest.raises(UnknownPlace, match="Type the latitude"):
        read(text)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "Type a ZIP code"), (" \t ", "Type a ZIP code"), ("!?", "Type a ZIP code"), ("🏥", "Type a ZIP code"),
        ("x" * (LONGEST_TEXT + 1), "too long"), ("a\0b", "characters"), ("\ud800", "characters"),
        ("a\x1bb", "characters"),
        ("123456", "five digits"), ("12345-678", "five digits"),
        ("63101, 10001", "Type one ZIP"), ("63101 10001", "Type one ZIP"), ("63101-1234; 10001", "Type one ZIP"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_place_is_refused_with_a_sentence(text, remedy):
    with pytest.raises(UnknownPlace, match=remedy):
        read(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("63101", "63101"), ("63101-1234", "63101"), ("631011234", "63101"), ("63101 1234", "63101"),
        ("2138", "02138"),
        ("６３１０１", "63101"), ("63101\u200b", "63101"), ("MO 63101", "63101"), ("63101 MO", "63101"),
        ("1 Oak St, Saint Louis, MO 63101-1234, USA", "63101"), ("Cambridge, MA 2138", "02138"),
        ("Cambridge 2138", None), ("63101 Main St", None),
        # beside a city or a state in any order, but never a house number
        ("TX 75001 Addison", "75001"), ("Addison, 75001, TX", "75001"), ("Addison 75001, TX", "75001"),
        ("Addison 75001-1234, TX", "75001"), ("75001-1234 Addison TX", "75001"), ("Washington 20001 DC", "20001"),
        ("Addison 750, TX", None), ("Springfield, 12345 Main St, IL", None), ("12345, Main St", None),
        # whichever dash stands in a ZIP+4
        ("63101–1234", "63101"), ("63101—1234", "63101"), ("63101‐1234", "63101"), ("63101−1234", "63101"),
    ],
)  # fmt: skip
def test_a_zip_is_seen_where_addresses_have_it(text, digits):
    assert read(text).postal_code == digits


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Saint Louis, MO", [("saintlouis", "MO")]),
        ("st louis mo", [("saintlouis", "MO"), ("saintlouismo", None)]),
        ("Washington, D.C.", [("washington", "DC")]),
        ("Washington DC", [("washington", "DC"), ("washingtondc", None)]),
        ("Portland Maine", [("portland", "ME"), ("portlandmaine", None)]),
        ("Charleston, West Virginia", [("charleston", "WV")]),
        ("New York, New York", [("newyork", "NY")]),
        ("Denver CO USA", [("denver", "CO"), ("denverco", None)]),
        ("Denver, CO, United States", [("denver", "CO")]),
        ("West Virginia", [("westvirginia", None)]),
        ("TX 75001 Addison", [("addison", "TX")]),
        ("Washington 20001 DC", [("washington", "DC"), ("washingtondc", None)]),
        ("near Chicago", [("chicago", None)]), ("In Gary, IN", [("gary", "IN")]),
        ("close to Boston", [("boston", None)]),
        ("around the State of Maine", [("maine", None)]), ("Seattle, Washington State", [("seattle", "WA")]),
        # what only looks like words before a name
        ("near me", [("near", "ME"), ("nearme", None)]), ("Near, IL", [("near", "IL")]), ("near", [("near", None)]),
        ("State of Mind", [("stateofmind", None)]), ("State College, PA", [("statecollege", "PA")]),
        ("Mobile State", [("mobilestate", None)]), ("in 63101", [("in", None)]),
        ("NYC", [("newyork", None)]),
        ("O’Fallon", [("ofallon", None)]),
    ],
)  # fmt: skip
def test_a_city_is_read_with_the_state_that_follows_it(text, readings):
    assert [(each.key, each.state) for each in read(text).readings[0]] == readings


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("West Virginia", "WV"), ("MO", "MO"), ("Washington", "WA"), ("Washington DC", None), ("Springfield", None),
        ("State of Maine", "ME"), ("Maine State", "ME"), ("near me", None),
    ],
)  # fmt: skip
def test_words_that_are_all_of_a_states_name_may_mean_the_state(text, state):
    assert read(text).state_alone == state


def test_the_last_part_of_an_address_is_tried_before_its_last_words():
    groups = read("12 Oak St, Fort Worth, TX").readings

    assert [group[0].key for group in groups] == [
        "12oaksaintfortworth", "fortworth", "oaksaintfortworth", "saintfortworth", "worth",
    ]  # fmt: skip
    assert [group[0].unused for group in groups[:2]] == ["", "12 Oak St"]


@pytest.mark.parametrize(
    ("text", "is_set_apart"),
    [
        ("12 Oak St Springfield", True), ("Oak Street, Springfield", True), ("ketamine clinic Springfield", False),
        ("Suite B, 12 Oak St Springfield", True), ("Route 66 Springfield", False),
    ],
)  # fmt: skip
def test_a_house_number_or_a_comma_sets_a_city_apart(text, is_set_apart):
    (city,) = (each for group in read(text).readings for each in group if each.key == "springfield")

    assert city.is_set_apart is is_set_apart


@pytest.mark.parametrize(
    ("text", "is_city_too"),
    [
        ("350 5th Ave, New York", True), ("Fifth Ave, New York", False), ("12 Oak St, NY", False),
        ("12 Oak St, Albany, New York", True),
    ],
)  # fmt: skip
def test_after_a_house_number_the_name_of_a_state_may_be_a_citys(text, is_city_too):
    last = read(text).readings[-1][0]

    assert ((last.key, last.state, last.namesake) == ("newyork", None, "NY")) is is_city_too


def test_a_text_of_many_words_asks_for_few_keys():
    assert len(read("a " * 99).keys) <= 7
    assert len(read("me " * 60).keys) <= 40


@pytest.mark.parametrize("letter", ["a", "1", " ", "1 ", "-", "°", "a,", "\u0301", "1e"])
def test_a_text_that_is_no_place_for_its_length_alone_is_refused(letter):
    with pytest.raises(UnknownPlace, match="too long"):
        read(letter * 50_000)
