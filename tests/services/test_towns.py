import pytest

from directory.domain.gazetteer import PlaceRow
from directory.domain.geo import Point
from directory.services.gazetteer import Gazetteer

SAINT_LOUIS = Point(38.63, -90.19)
ROWS = [
    ("city", "saintlouis", "MO", 38.64, -90.3, 50_000),
    ("city", "granitecity", "IL", 38.72, -90.13, 2_000),
    ("city", "alton", "IL", 38.9, -90.16, 3_000),
    ("city", "chicago", "IL", 41.87, -87.68, 90_000),
    # No town of its own: a company's mail, another name of a town, a ZIP.
    ("city", "parcelreturn", "MO", 38.64, -90.2, 1),
    ("city", "lemay", "MO", 38.53, -90.28, 0),
    ("zip", "63101", "MO", 38.63, -90.19, 0),
]


@pytest.mark.parametrize(
    ("miles", "limit", "towns"),
    [
        (10, 9, ["saintlouis", "granitecity"]),
        (25, 9, ["saintlouis", "alton", "granitecity"]),
        (25, 2, ["saintlouis", "alton"]),
        (300, 2, ["chicago", "saintlouis"]),
    ],
)
def test_the_larger_towns_around_a_place_come_first(gazetteer, miles, limit, towns):
    assert [town.key for town in gazetteer.largest_around(SAINT_LOUIS, miles, limit=limit)] == towns


@pytest.mark.parametrize("centre", [Point(90, 0), Point(-90, 180), Point(52, 179.9)])
def test_at_the_ends_of_the_earth_there_are_no_towns_and_no_trouble(gazetteer, centre):
    assert gazetteer.largest_around(centre, 600, limit=5) == []


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer(
        PlaceRow(kind, key, key.title(), state, latitude, longitude, 1.0, size, "own")
        for kind, key, state, latitude, longitude, size in ROWS
    )
