from datetime import date, timedelta
from statistics import mean

import pytest
import zipcodes
from geopy.distance import geodesic
from sqlalchemy import func, select

from directory.domain.findings import Verdict
from directory.domain.safeguards import Standing
from directory.domain.scoring import Grade, read
from directory.extensions import db
from directory.models import AuditEntry, Clinic, Decision, Review, StoredScore
from directory.services import audit, checklists, demo, profiles, scores
from directory.services.clinics import record
from directory.services.demo_cities import LARGEST_CITIES
from directory.services.demo_reviews import tell
from directory.services.demo_stories import HISTORY, HOME

TODAY = date(2026, 11, 22)
CITIES = [(state, city) for state, cities in LARGEST_CITIES.items() for city in cities]
#: What the first four stories come to: what a seeker near any city can see.
FIRST_FOUR = {1: "amber", 2: "green", 3: "red", 4: "grey"}


@pytest.mark.parametrize("city", CITIES, ids=str)
def test_the_first_four_stories_stand_within_25_miles_of_every_city(city, listed, heroes):
    middle = middle_of(*city)
    near = [each for each in listed if each.point and is_near(each.point, middle)]

    assert {heroes.get(each.public_id) for each in near} >= set(FIRST_FOUR)


def test_the_first_four_stories_show_each_grade_and_each_finding(told):
    grades = {number: clinic.grade for number, clinic in told.items() if number in FIRST_FOUR}
    verdicts = {verdict for number in FIRST_FOUR for verdict in read(checklists.current(), told[number].signs).values()}

    assert grades == FIRST_FOUR
    assert set(grades.values()) == set(Grade)
    assert verdicts == set(Verdict)


def test_one_clinic_shows_all_five_findings_and_each_standing_of_a_safeguard(told):
    card = profiles.show(told[1].public_id, as_of=TODAY).card

    assert {entry.finding.verdict for entry in card.signs} == set(Verdict)
    assert {entry.standing for entry in card.safeguards} == set(Standing)
    assert [entry.criterion.slug for entry in card.signs if entry.former] == [HOME, HISTORY]


def test_numbers_are_shown_on_some_clinics_and_held_back_on_others(told):
    assert {clinic.settled >= 3 for clinic in told.values()} == {True, False}
    assert (told[5].score_low, told[5].score_high) == (30, 70)


def test_something_was_mended_something_ran_out_and_something_waits_for_a_second_person(told):
    mended, long_ago, waiting = (profiles.show(told[number].public_id, as_of=TODAY).card for number in (6, 7, 8))

    assert [entry.remedied_on for entry in mended.signs if entry.remedied_on] == [TODAY - timedelta(days=100)]
    assert all(entry.former and not entry.counting for entry in long_ago.signs)
    assert waiting.signs[0].finding.raising.level == 2
    assert waiting.signs[0].finding.verdict is Verdict.SUSPECTED


def test_two_linked_reviewers_are_one_voice(told):
    home = profiles.show(told[8].public_id, as_of=TODAY).card.signs[0]

    assert len(home.counting) == 2
    assert home.finding.raising.voices == 1


def test_reviews_stand_in_each_state_that_a_service_can_bring_them_to(told):
    found = set(db.session.scalars(select(Review.status)))

    assert found == {"submitted", "approved", "superseded", "declined", "changes_requested", "withdrawn"}


def test_what_was_done_about_many_clinics_is_entered_in_the_order_of_its_days(told):
    decided = list(db.session.scalars(select(Decision.at).order_by(Decision.id)))

    assert len(told) > 1
    assert decided == sorted(decided)


def test_what_was_told_holds_and_is_told_once(told, heroes):
    entries = db.session.scalar(select(func.count(AuditEntry.seq)))
    decisions = db.session.scalar(select(func.count(Decision.id)))

    again = tell(heroes, today=TODAY + timedelta(days=1))

    assert again == 0
    assert entries == decisions
    assert audit.verify().problem == ""
    assert list(scores.verify()) == []
    assert db.session.scalar(select(func.count(StoredScore.clinic_id.distinct()))) == len(told)


def is_near(point, middle):
    # Nothing as far as a degree of latitude lies within 25 miles; the rest is measured.
    return abs(point.latitude - middle[0]) < 1 and geodesic(middle, (point.latitude, point.longitude)).miles <= 25


def middle_of(state, city):
    """Not by the product's own means: the mean of the ordinary ZIP codes of the city."""
    zips = zipcodes.filter_by(city=city, state=state, zip_code_type="STANDARD", active=True)
    return mean(float(each["lat"]) for each in zips), mean(float(each["long"]) for each in zips)


@pytest.fixture(scope="module")
def listed():
    return demo.listings()


@pytest.fixture(scope="module")
def heroes():
    return demo.heroes()


@pytest.fixture(scope="module")
def told(lasting_app, listed, heroes):
    """The eight clinics of one metropolis by their number, on each engine in turn, with their stories told."""
    of_one_city = [each for each in listed if each.source_key.startswith("CA Los Angeles ")]
    record(of_one_city)
    tell({each.public_id: heroes[each.public_id] for each in of_one_city if each.public_id in heroes}, today=TODAY)
    clinics = db.session.scalars(select(Clinic)).all()
    return {heroes[clinic.public_id]: clinic for clinic in clinics if clinic.public_id in heroes}
