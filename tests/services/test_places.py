import csv

import pytest
from sqlalchemy import func, select

from directory.domain.geo import Point, miles_between
from directory.extensions import db, reading
from directory.models.place import Place
from directory.services import places
from tests.conftest import gazetteer
from tests.support.engines import ON_ONE_ENGINE
from tests.support.required import shared
from tests.support.statements import counted_statements


@pytest.mark.parametrize(
    ("state", "reason"),
    [("AE", "the military abroad"), ("AP", "the military abroad"), ("AA", "the military abroad"),
     ("FM", "no point in the package"), ("MH", "no point, or that of the other hemisphere")],
)  # fmt: skip
@pytest.mark.usefixtures("app")
def test_what_cannot_be_placed_is_left_out(state, reason):
    with reading() as session:
        assert session.scalar(select(func.count()).where(Place.state == state)) == 0, reason


@pytest.mark.usefixtures("app")
def test_the_whole_country_and_its_territories_are_there():
    with reading() as session:
        counts = dict(session.execute(select(Place.kind, func.count()).group_by(Place.kind)).all())
        states = set(session.scalars(select(Place.state).distinct()))

    assert 41_000 < counts["zip"] < 42_000
    assert 39_000 < counts["city"] < 40_000
    assert len(states) == 50 + len({"DC", "PR", "GU", "VI", "AS", "MP", "PW"})


def test_a_survey_is_the_same_each_time_and_counts_what_it_leaves_out(survey):
    again = places.survey()

    assert again == survey
    assert survey.left_out == {
        "of the military abroad": 823, "no longer in use": 882, "without a place on the map": 15,
    }  # fmt: skip
    assert len(survey.rows) == survey.count("zip") + survey.count("city")


def test_a_zip_at_zero_in_the_package_lies_near_where_the_census_has_it(survey):
    with shared("data/geo/zip_disagreements_zipcodes_vs_census.csv").open(newline="") as file:
        census = next(row for row in csv.DictReader(file) if row["zip"] == "96917")
    (row,) = (row for row in survey.rows if row.key == "96917")

    there = Point(float(census["census_lat"]), float(census["census_lon"]))
    assert float(census["zipcodes_lat"]) == 0
    assert miles_between(Point(row.latitude, row.longitude), there) < 2 * row.accuracy_miles


@pytest.mark.usefixtures("app")
def test_a_loaded_gazetteer_is_known_by_its_rows(survey):
    assert places.is_loaded(survey)

    db.session.execute(Place.__table__.update().where(Place.key == "63101").values(latitude=1.5))
    db.session.commit()

    assert not places.is_loaded(survey)
    places.load(survey)
    assert places.is_loaded(survey)


@ON_ONE_ENGINE
@pytest.mark.usefixtures("app")
def test_loading_tells_its_progress_and_commits_once(survey):
    steps = []

    with counted_statements() as seen:
        places.load(survey, on_progress=steps.append)

    assert sum(steps) == len(survey.rows)
    assert [statement for statement in seen if statement.startswith("DELETE")] == ["DELETE FROM place"]


@pytest.mark.usefixtures("app")
def test_a_load_that_fails_leaves_the_old_gazetteer(survey):
    broken = places.Survey((*survey.rows[:10], survey.rows[0]), {})

    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        places.load(broken)
    db.session.rollback()

    assert places.is_loaded(survey)


@pytest.fixture(scope="module")
def survey():
    return gazetteer()
