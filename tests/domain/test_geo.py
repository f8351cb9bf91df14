import math
import random
from itertools import pairwise

import pytest
from geopy.distance import geodesic

from directory.domain.geo import Point, cell, chord_squared, cover, earth_centred, ground_miles, miles_between

METRES_PER_MILE = 1609.344


def around_the_world(seed, number):
    """Yield centres everywhere, poles and antimeridian often, each with a point up to 100 miles off."""
    draw = random.Random(seed)
    for _ in range(number):
        latitude = draw.choice([draw.uniform(-90, 90), draw.choice([-90, -89.9, 0, 89.5, 90])])
        longitude = draw.choice([draw.uniform(-180, 180), draw.choice([-180, -179.99, 179.99, 180, 0.0001])])
        if (latitude, longitude) == (0, 0):
            continue
        miles = draw.uniform(0, 100)
        there = geodesic(miles=miles).destination((latitude, longitude), draw.uniform(0, 360))
        yield Point(latitude, longitude), Point(there.latitude, there.longitude)


def test_distances_are_within_a_tenth_of_a_metre_of_the_geodesic_up_to_100_miles():
    worst = max(
        abs(
            miles_between(one, other) - geodesic((one.latitude, one.longitude), (other.latitude, other.longitude)).miles
        )
        for one, other in around_the_world(seed=1, number=4000)
    )

    assert worst * METRES_PER_MILE < 0.1


def test_a_cover_holds_every_point_of_its_circle():
    for centre, other in around_the_world(seed=2, number=4000):
        radius = max(1e-6, miles_between(centre, other))

        assert any(first <= cell(other) <= last for first, last in cover(centre, radius)), (centre, other)


def test_a_cover_of_100_miles_takes_at_most_31_bands_and_each_range_once():
    for latitude in range(-90, 91, 5):
        ranges = cover(Point(latitude, 179.9), 100)

        assert len({first >> 24 for first, _ in ranges}) <= 31
        assert all(first <= last for first, last in ranges)
        assert all(before[1] < after[0] or before[0] > after[1] for before, after in pairwise(ranges))


def test_a_cover_leaves_out_most_of_the_band_around_the_world():
    cells = sum(last - first for first, last in cover(Point(38.6, -90.2), 25))
    bands = len(cover(Point(38.6, -90.2), 25))

    assert cells < bands * 2**24 * 0.003


def test_a_circle_around_a_pole_takes_whole_parallels():
    ranges = cover(Point(90, 12), 10)

    assert ranges[-1] == (1800 << 24, (1800 << 24) + 2**24 - 1)


@pytest.mark.parametrize("miles", [0, 0.001, 1, 25, 100])
def test_a_chord_and_its_ground_distance_are_two_ways_of_saying_the_same(miles):
    assert ground_miles(chord_squared(miles)) == pytest.approx(miles, abs=1e-9)


def test_a_chord_longer_than_the_earth_is_half_way_round():
    assert ground_miles(1e9) == pytest.approx(math.pi * 3956.59, rel=1e-4)


def test_the_same_meridian_east_and_west_is_one_cell():
    assert cell(Point(10, 180)) == cell(Point(10, -180))


def test_earth_centred_points_lie_on_the_ellipsoid():
    assert earth_centred(Point(0, 90))[1] == pytest.approx(6378.137 / 1.609344)
    assert earth_centred(Point(90, 0))[2] == pytest.approx(6356.752314 / 1.609344)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(0, 0), (0.0, -0.0), (91, 0), (-90.01, 5), (10, 181), (float("nan"), 5), (5, float("nan")), (float("inf"), 5)],
)
def test_what_is_no_place_on_earth_is_refused(latitude, longitude):
    with pytest.raises(ValueError, match="place"):
        Point(latitude, longitude)
