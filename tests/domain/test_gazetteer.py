import pytest

from directory.domain.gazetteer import SIZE_OF_AN_ORGANISATION, PostalCode, chart
from directory.domain.geo import Point


def test_a_zip_keeps_its_own_point_and_reaches_as_far_as_its_neighbour():
    (row,) = zips([code("63101", point=Point(38.6, -90.2)), code("63199", city="Ladue", point=None)])

    assert (row.latitude, row.longitude, row.origin, row.accuracy_miles) == (38.6, -90.2, "own", 50)


def test_a_zip_without_a_point_lies_in_the_middle_of_its_city():
    rows = zips([code("63101", point=Point(38, -90)), code("63102", point=Point(39, -90)), code("63199", point=None)])

    assert rows[-1].origin == "city"
    assert rows[-1].latitude == pytest.approx(38.5, abs=0.01)


def test_a_zip_of_a_city_without_points_lies_in_the_middle_of_its_prefix_in_its_own_state():
    codes = [
        code("96910", city="Hagatna", state="GU", point=Point(13, 144)),
        code("96913", city="Barrigada", state="GU", point=Point(14, 144)),
        code("96940", city="Koror", state="PW", point=Point(7, 134)),
        code("96917", city="Inarajan", state="GU", point=None),
    ]

    rows = {(row.kind, row.name): row for row in chart(codes)}

    assert rows["zip", "Inarajan"].origin == "prefix"
    assert rows["zip", "Inarajan"].latitude == pytest.approx(13.5, abs=0.01)
    assert rows["zip", "Inarajan"].accuracy_miles > 30
    assert rows["city", "Inarajan"]._replace(kind="zip", key="96917", size=0) == rows["zip", "Inarajan"]


def test_one_other_zip_of_the_prefix_is_not_enough_to_place_one():
    codes = [code("96960", city="Majuro", state="MH", point=Point(7, 171)),
             code("96970", city="Ebeye", state="MH", point=None)]  # fmt: skip

    assert {row.name for row in chart(codes)} == {"Majuro"}


def test_a_city_is_the_mean_of_its_ordinary_zips():
    codes = [
        code("63101", point=Point(38, -90)),
        code("63102", point=Point(38.2, -90)),
        code("63103", point=Point(45, -90), is_standard=False),
    ]

    (city,) = (row for row in chart(codes) if row.kind == "city")

    assert (city.key, city.name) == ("saintlouis", "Saint Louis")
    assert city.latitude == pytest.approx(38.1, abs=0.01)
    assert city.accuracy_miles == pytest.approx(13.8, abs=0.1), "each ZIP reaches 13.8 miles, to the other"


def test_a_city_of_post_office_boxes_is_their_mean():
    (city,) = (row for row in chart([code("63103", point=Point(45, -90), is_standard=False)]) if row.kind == "city")

    assert city.latitude == 45


@pytest.mark.parametrize(
    ("larger", "smaller"),
    [
        # an ordinary ZIP weighs as much as two boxes, and a box more than any number of organisations
        (["ordinary", "box"], ["ordinary"]), (["ordinary", "box"], ["box", "box"]), (["box"], ["unique"] * 9),
        (["ordinary", "box"], ["ordinary", "unique"]), (["ordinary", "unique"], ["ordinary"]),
    ],
)  # fmt: skip
def test_a_city_with_more_zips_of_the_common_kinds_is_the_larger(larger, smaller):
    rows = chart([*kinds("Large", larger), *kinds("Small", smaller)])

    sizes = {row.name: row.size for row in rows if row.kind == "city"}

    assert sizes["Large"] > sizes["Small"] > 0


def test_of_two_cities_with_as_many_zips_that_in_the_county_with_more_is_the_larger():
    counties = {"Aville": "Few", "Bville": "Many", "Cville": "Many"}
    codes = [code(city, city=city, point=Point(38, -90), county=county) for city, county in counties.items()]

    sizes = {row.name: row.size for row in chart(codes) if row.kind == "city"}

    assert sizes["Bville"] == sizes["Cville"] > sizes["Aville"]


def test_a_name_that_only_organisations_bear_is_of_the_least_size():
    (city,) = (row for row in chart(kinds("Parcel Return Service", ["unique"] * 9)) if row.kind == "city")

    assert city.size == SIZE_OF_AN_ORGANISATION


def test_another_name_is_a_row_of_size_zero_unless_a_city_of_the_state_bears_it():
    codes = [
        code("63101", point=Point(38, -90), other_names=("Downtown", "Clayton")),
        code("63105", city="Clayton", point=Point(38.6, -90.3)),
    ]

    rows = {row.name: row for row in chart(codes) if row.kind == "city"}

    assert rows["Downtown"].size == 0
    assert (rows["Clayton"].size > 0, rows["Clayton"].latitude) == (True, 38.6)


def test_of_two_spellings_of_one_key_the_commoner_is_the_name():
    codes = [code("1000" + str(n), city=city, point=Point(40 + n, -90))
             for n, city in enumerate(["Desoto", "De Soto", "De Soto"])]  # fmt: skip

    assert [row.name for row in chart(codes) if row.kind == "city"] == ["De Soto"]


def zips(codes):
    return [row for row in chart(codes) if row.kind == "zip"]


def kinds(city, names):
    return [
        code(
            f"{city}{n}",
            city=city,
            point=Point(38 + n, -90),
            is_standard=name == "ordinary",
            is_unique=name == "unique",
        )
        for n, name in enumerate(names)
    ]


def code(
    digits, *, point, city="Saint Louis", state="MO", other_names=(), is_standard=True, is_unique=False, county=""
):
    return PostalCode(digits, city, state, other_names, is_standard, point, is_unique, county)
