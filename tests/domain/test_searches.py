import time

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
    ],
)  # fmt: skip
def test_coordinates_are_read_in_the_ways_that_maps_write_them(text, point):
    assert read(text) == Point(*point)


@pytest.mark.parametrize(
    "text",
    ["0,0", "0.0, -0.0", "0.00001, 0", "91, 0", "0, 181", "nan, nan", "inf,-inf", "9" * 90 + ", 1", "-90.19, 38.63"],
)
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
        ("NYC", [("newyork", None)]),
        ("O’Fallon", [("ofallon", None)]),
    ],
)  # fmt: skip
def test_a_city_is_read_with_the_state_that_follows_it(text, readings):
    assert [(each.key, each.state) for each in read(text).readings[0]] == readings


@pytest.mark.parametrize(
    ("text", "state"),
    [("West Virginia", "WV"), ("MO", "MO"), ("Washington", "WA"), ("Washington DC", None), ("Springfield", None)],
)
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
    [("12 Oak St Springfield", True), ("Oak Street, Springfield", True), ("ketamine clinic Springfield", False)],
)
def test_a_house_number_or_a_comma_sets_a_city_apart(text, is_set_apart):
    (city,) = (each for group in read(text).readings for each in group if each.key == "springfield")

    assert city.is_set_apart is is_set_apart


def test_a_text_of_many_words_asks_for_few_keys():
    assert len(read("a " * 99).keys) <= 7
    assert len(read("me " * 60).keys) <= 40


@pytest.mark.parametrize("letter", ["a", "1", " ", "1 ", "-", "°", "a,", "\u0301", "1e"])
def test_a_text_of_fifty_thousand_letters_takes_no_time(letter):
    began = time.perf_counter()

    with pytest.raises(UnknownPlace):
        read(letter * 50_000)

    assert time.perf_counter() - began < 0.1
