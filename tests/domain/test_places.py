import pytest

from directory.domain.gazetteer import PlaceRow
from directory.domain.geo import Point
from directory.domain.places import at_point, at_row

SAINT_LOUIS = PlaceRow("city", "saintlouis", "Saint Louis", "MO", 38.6, -90.2, 6.3, 20, "own")
ZIP = PlaceRow("zip", "63101", "Saint Louis", "MO", 38.63, -90.19, 1.0, 0, "own")


@pytest.mark.parametrize(("row", "label"), [(SAINT_LOUIS, "Saint Louis, MO"), (ZIP, "Saint Louis, MO 63101")])
def test_a_place_is_labelled_as_people_write_it(row, label):
    assert at_row(row).label == label
    assert at_row(row).notes == ()


@pytest.mark.parametrize(
    ("point", "label"),
    [
        (Point(38.63, -90.19), "38.63, -90.19"), (Point(38.627003, -90.199404), "38.627, -90.1994"),
        (Point(0, -90.1), "0.00, -90.10"), (Point(-0.00001, 100), "0.00, 100.00"), (Point(40, -100), "40.00, -100.00"),
    ],
)  # fmt: skip
def test_coordinates_are_shown_to_four_decimals_and_kept_whole(point, label):
    place = at_point(point)

    assert (place.label, place.point, place.accuracy_miles) == (label, point, None)


@pytest.mark.parametrize(("origin", "words"), [("city", "middle of its city"), ("prefix", "area's ZIP codes")])
def test_a_zip_that_was_placed_by_its_neighbours_says_so(origin, words):
    (note,) = at_row(ZIP._replace(origin=origin)).notes

    assert words in str(note)
    assert "63101" in str(note)
