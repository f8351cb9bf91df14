import random
from math import inf

import pytest

from directory.domain.centres import middle, neighbour_miles, spread_miles
from directory.domain.geo import Point, miles_between


def test_the_middle_of_points_across_the_antimeridian_lies_between_them():
    centre = middle([Point(52, 179), Point(52, -178)])

    assert centre.longitude == pytest.approx(-179.5)
    assert centre.latitude == pytest.approx(52, abs=0.05)


def test_no_points_have_no_middle():
    with pytest.raises(ValueError, match="no points"):
        middle([])


def test_spread_is_the_root_mean_square_of_the_distances():
    centre, near, far = Point(40, -90), Point(40.1, -90), Point(40.7, -90)

    expected = ((miles_between(centre, near) ** 2 + miles_between(centre, far) ** 2) / 2) ** 0.5
    assert spread_miles([near, far], centre) == pytest.approx(expected)
    assert spread_miles([], centre) == 0


def test_the_nearest_other_point_is_what_comparing_all_pairs_finds():
    draw = random.Random(5)
    points = [Point(draw.uniform(50, 52), (draw.uniform(178, 182) + 180) % 360 - 180) for _ in range(100)]
    points += [Point(draw.gauss(38.6, 1), draw.gauss(-90.2, 1)) for _ in range(200)]

    nearest = neighbour_miles([*points, *points])

    for point in points:
        others = (miles_between(point, other) for other in points if other != point)
        assert nearest[point] == pytest.approx(min(50, min(others, default=inf)))


def test_a_lonely_point_is_given_fifty_miles():
    assert neighbour_miles([Point(1, 1)]) == {Point(1, 1): 50}
