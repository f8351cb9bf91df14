import re

import pytest

from directory.domain.geo import Point
from directory.services.exchange.coordinates import degrees, point_in_the_united_states


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("38.63", 38.63),
        ("-90.19", -90.19),
        ("+38", 38),
        ("38,63", 38.63),
        ("-90,19", -90.19),
        ("3.8E+01", 38),
        ("38.", 38),
    ],
)
def test_a_number_is_read_also_with_a_decimal_comma(text, number):
    assert degrees(text) == number


@pytest.mark.parametrize(
    "text", ["nan", "NaN", "inf", "-Infinity", "38.63N", "38°", "1_0", "３８", "1,2,3", ".", "", "x"]
)
def test_anything_else_is_no_number(text):
    with pytest.raises(ValueError, match="^" + re.escape(text) + "$"):
        degrees(text)


@pytest.mark.parametrize(
    ("given", "point", "is_exchanged"),
    [
        ((38.63, -90.19), Point(38.63, -90.19), False),
        ((-90.19, 38.63), Point(38.63, -90.19), True),
        # a latitude that does not exist
        ((-149.9, 61.2), Point(61.2, -149.9), True),
        ((144.8, 13.5), Point(13.5, 144.8), True),
        # one that does, in Antarctica
        ((-75.1, 39.9), Point(39.9, -75.1), True),
        ((-14.3, -170.7), Point(-14.3, -170.7), False),
        ((7.3, 134.5), Point(7.3, 134.5), False),
    ],
)
def test_coordinates_are_exchanged_only_where_that_is_certain(given, point, is_exchanged):
    assert point_in_the_united_states(*given) == (point, is_exchanged)


@pytest.mark.parametrize(
    "given",
    # a lost sign, another continent, off the Earth, on the equator, overflow
    [(38.63, 90.19), (51.5, -0.1), (95.0, 200.0), (0.0, -90.0), (float("inf"), 1.0)],
)
def test_coordinates_outside_the_united_states_are_refused(given):
    with pytest.raises(ValueError, match=","):
        point_in_the_united_states(*given)
