from collections import Counter
from statistics import mean

import pytest
import zipcodes
from geopy.distance import geodesic
from sqlalchemy import select

from directory.domain import identifiers
from directory.domain.folding import fold
from directory.domain.profile import ListingStatus
from directory.extensions import db
from directory.models import Clinic, ClinicFact
from directory.services import demo, demo_words
from directory.services.clinics import record
from directory.services.demo_cities import LARGEST_CITIES, METROPOLITAN_CITIES

STATES_WITH_CITIES = set(identifiers.STATES) - {"AS", "FM", "GU", "MH", "MP", "PW", "VI"}
LARGEST = [(state, cities[0]) for state, cities in LARGEST_CITIES.items()]
#: The largest of the Census of 2010, where it was another one.
LARGEST_OF_2010 = [("AL", "Birmingham"), ("SC", "Columbia"), ("TN", "Memphis")]


def test_every_state_the_district_and_puerto_rico_has_a_largest_city():
    assert set(LARGEST_CITIES) == STATES_WITH_CITIES


@pytest.mark.parametrize(("state", "city"), LARGEST + LARGEST_OF_2010)
def test_four_published_clinics_stand_within_50_miles_of_the_largest_city(state, city, invented):
    centre = middle_of(state, city)

    near = [each for each in invented if is_on_the_map(each) and is_near(centre, coordinates(each))]

    assert len(near) >= 4


def test_a_search_in_a_big_city_has_a_clinic_that_is_not_on_the_map(invented):
    for state, _city in METROPOLITAN_CITIES:
        unmapped = [each for each in invented if each.state == state and not each.point]

        assert any(each.status == ListingStatus.PUBLISHED for each in unmapped)


def test_there_are_about_five_hundred(invented):
    assert 480 <= len(invented) <= 520


def test_names_and_addresses_for_ever_are_each_used_once(invented):
    for words in ({fold(each.name) for each in invented}, {each.public_id for each in invented}):
        assert len(words) == len(invented)


def test_the_demonstration_shows_every_state_that_a_source_can_give_a_listing(invented):
    counts = Counter(each.status for each in invented)

    assert set(counts) == {ListingStatus.PROPOSED, ListingStatus.PUBLISHED, ListingStatus.CLOSED}
    assert counts[ListingStatus.PUBLISHED] > 0.8 * len(invented)


@pytest.mark.parametrize(
    "mask", ["routes", "settings", "conditions", "psychotherapy", "insurance", "payment_help", "accepts"]
)
def test_some_clinics_have_said_nothing_and_the_others_differ(mask, invented):
    said = Counter(getattr(each, mask) for each in invented)

    assert said[0] > 0
    assert len(said) > 4


def test_nothing_can_be_taken_for_a_real_clinic(invented):
    for each in invented:
        assert each.source_title == "Demonstration (invented)"
        assert each.address.endswith(demo_words.STREETS)
        assert each.phone is None or each.phone[-7:-2] == "55501"
        assert each.website is None or each.website.endswith(".example/")
        assert each.contact_email is None or each.contact_email.endswith(".example")


def test_identifiers_are_in_the_form_that_the_directory_keeps(invented):
    for each in invented:
        assert each.phone is None or identifiers.telephone(each.phone) == each.phone
        assert each.website is None or identifiers.website(each.website) == each.website
        assert each.contact_email is None or identifiers.email_address(each.contact_email) == each.contact_email
        assert identifiers.zip_code(each.postal_code) == each.postal_code


def test_accents_apostrophes_and_chains_are_among_the_names(invented):
    names = " ".join(each.name for each in invented)

    assert all(letter in names for letter in "ñèéëâ'")
    assert {each.organisation for each in invented} == {None, *demo_words.CHAINS}


def test_two_readings_give_the_same_clinics(invented):
    assert demo.listings() == invented


def test_addresses_do_not_change_from_one_version_to_the_next(invented):
    assert invented[0].public_id == "ddVM6y1THWE6"


@pytest.mark.usefixtures("app")
def test_the_clinics_are_written_as_listed_on_both_engines_alike(invented):
    recorded = record(invented)

    assert (recorded.new, recorded.changed, recorded.unchanged) == (len(invented), 0, 0)
    assert stored() == [
        (each.public_id, each.name, each.city, each.status, each.routes, *(coordinates(each) or (None, None)))
        for each in sorted(invented, key=lambda each: each.public_id)
    ]
    assert set(db.session.scalars(select(ClinicFact.source))) == {"Demonstration (invented)"}


def is_near(centre, point):
    # Nothing as far as a degree of latitude lies within 50 miles; the rest is measured.
    return abs(centre[0] - point[0]) < 1 and geodesic(centre, point).miles <= 50


def stored():
    columns = (
        Clinic.public_id, Clinic.name, Clinic.city, Clinic.status, Clinic.routes, Clinic.latitude, Clinic.longitude,
    )  # fmt: skip
    rows = sorted(map(tuple, db.session.execute(select(*columns))))
    db.session.rollback()
    return rows


def middle_of(state, city):
    """Not by the product's own means: the mean of the ordinary ZIP codes of the city."""
    zips = zipcodes.filter_by(city=city, state=state, zip_code_type="STANDARD", active=True)
    return mean(float(each["lat"]) for each in zips), mean(float(each["long"]) for each in zips)


def is_on_the_map(listing):
    return listing.status == ListingStatus.PUBLISHED and listing.point


def coordinates(listing):
    return listing.point and (listing.point.latitude, listing.point.longitude)


@pytest.fixture(scope="module")
def invented():
    return demo.listings()
