import random
import re

import pytest
from sqlalchemy import text

from directory.domain import geo
from directory.extensions import reading
from directory.queries.neighbors import CIRCLES, MOST
from directory.services import neighbors, profiles
from directory.services.neighbors import nearest
from tests.support.answers import TODAY
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.plans import analyse
from tests.support.statements import counted_statements

HERE = (38.63, -90.19)


def test_the_nearest_others_come_in_order_of_distance_and_nothing_else(app):
    clinic = add_clinic(name="This", at=HERE)
    add_clinics([
        clinic_row(name=name, at=(38.63 + north, -90.19), **score)
        for name, north, score in (
            ("Fourth", 0.08, {}),
            ("First, of which the worst is known", 0.01, {"signs": "11111", "settled": 5, "confirmed_points": 90}),
            ("Third", 0.05, {}),
            ("Fifth", 0.09, {"signs": "44444", "settled": 5, "score_low": 100}),
            ("Second", 0.03, {}),
        )
    ])  # fmt: skip

    found = nearest_to(clinic)

    assert [each.name.split(",")[0] for each in found] == ["First", "Second", "Third", "Fourth"]
    assert found[0].distance_miles == pytest.approx(0.69, abs=0.01)


def test_none_is_named_that_is_not_published_or_lies_beyond_a_hundred_miles(app):
    clinic = add_clinic(at=HERE)
    for status in ("closed", "proposed", "declined", "withdrawn", "hidden"):
        add_clinic(status=status, at=HERE)
    add_clinic(at=(38.63 + 1.5, -90.19))
    far = add_clinic(at=(38.63 + 1.4, -90.19))

    assert [each.public_id for each in nearest_to(clinic)] == [far["public_id"]]


@pytest.mark.parametrize("status", ["published", "closed"])
def test_as_many_are_named_of_a_closed_clinic_as_of_an_open_one(app, status):
    clinic = add_clinic(status=status, at=HERE)
    add_clinics([clinic_row(at=HERE) for _ in range(MOST + 2)])

    found = nearest_to(clinic)

    assert len(found) == MOST
    assert clinic["public_id"] not in {each.public_id for each in found}


def test_they_equal_brute_force_near_and_far(app):
    draw = random.Random(6)
    rows = add_clinics([
        clinic_row(at=(38.6 + draw.gauss(0, 0.9), -90.2 + draw.gauss(0, 0.9))) for _ in range(120)
    ])  # fmt: skip

    for row in rows[:15]:
        here = geo.Point(row["latitude"], row["longitude"])
        miles = sorted(
            (geo.miles_between(here, geo.Point(other["latitude"], other["longitude"])), other["public_id"])
            for other in rows
            if other is not row
        )
        expected = [public_id for distance, public_id in miles[:MOST] if distance <= 100]

        assert [each.public_id for each in nearest_to(row)] == expected


@pytest.mark.parametrize(("others", "at", "number"), [(0, HERE, 1), (3, HERE, 1), (60, HERE, 1), (3, None, 0)])
def test_it_takes_one_statement_and_none_for_a_clinic_that_is_not_on_the_map(app, others, at, number):
    clinic = profiles.show(add_clinic(at=at)["public_id"], as_of=TODAY)
    if others:
        add_clinics([clinic_row(at=HERE) for _ in range(others)])

    with counted_statements() as seen:
        found = nearest(clinic)

    assert len(seen) == number
    assert len(found) == (min(others, MOST) if at else 0)


def test_all_circles_are_looked_through_inside_the_covering_index(app):
    # A plan that reads the table would be right and slow; nobody would notice before the directory has grown.
    add_clinics([clinic_row(at=(38 + i / 400, -90 - i / 400)) for i in range(2000)])
    analyse("clinic")
    with reading() as session:
        engine = session.get_bind().dialect.name
        statement = neighbors.queries.nearest(engine).element.text
        explain = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "
        around = neighbors._around("nobody", geo.Point(*HERE))
        plan = [str(row) for row in session.execute(text(explain + statement), around)]

    inside = re.compile("COVERING INDEX ix_clinic_nearby|Index Only Scan using ix_clinic_nearby")
    whole = re.compile("SCAN [ck] |Seq Scan on clinic")
    assert len([line for line in plan if inside.search(line)]) == len(CIRCLES), plan
    assert not [line for line in plan if whole.search(line)], plan


def nearest_to(row):
    return nearest(profiles.show(row["public_id"], as_of=TODAY))
