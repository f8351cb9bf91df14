import pytest

from directory.domain.facts import read
from directory.domain.profile import ListingStatus
from directory.extensions import reading
from directory.services import duplicates, facts
from directory.services.duplicates import MOST_SHOWN, Alike
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.listings import FIELDS
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")

NPI = "1234567893"


def found(*, but="", for_moderators=False, **stated):
    with reading() as session:
        facts = read(FIELDS | stated, is_whole=True)
        return duplicates.possible(session, facts, but=but, for_moderators=for_moderators)


def reasons(**stated):
    return [each.why for each in found(**stated).shown]


@pytest.mark.parametrize(
    ("why", "listed", "stated"),
    [
        (Alike.NAME, {"name": "COPPER-SNAIL  ketamine", "state": "IL"}, {}),
        (Alike.PHONE, {"phone": "+13095550142"}, {"phone": "(309) 555-0142"}),
        (Alike.NPI, {"npi": NPI}, {"npi": NPI}),
        (Alike.ADDRESS, {"address": "1 Main St.", "postal_code": "61602"}, {"address": "1 MAIN ST"}),
    ],
)
def test_a_listing_that_may_be_the_same_clinic_is_found(why, listed, stated):
    clinic = add_clinic(**listed)

    (duplicate,) = found(**stated).shown

    assert (duplicate.public_id, duplicate.why, duplicate.miles) == (clinic["public_id"], (why,), None)


@pytest.mark.parametrize(
    ("listed", "stated"),
    [
        ({"name": "Copper Snail Ketamine", "state": "MO"}, {}),
        ({"phone": "+13095550142"}, {"phone": "3095550143"}),
        ({"phone": None, "npi": None}, {}),
        ({"address": "1 Main St", "postal_code": "61603"}, {"address": "1 Main St"}),
        ({"address": "2 Main St", "postal_code": "61602"}, {"address": "1 Main St"}),
        ({"address": "", "postal_code": "61602"}, {}),
    ],
)
def test_a_listing_of_another_clinic_is_not_found(listed, stated):
    add_clinic(**listed)

    assert reasons(**stated) == []


def test_what_lies_within_a_mile_is_found_with_its_distance_and_what_lies_further_is_not():
    latitude, longitude = centre()
    near = add_clinic(at=(latitude + 0.9 / 69, longitude))
    add_clinic(at=(latitude + 1.1 / 69, longitude))
    add_clinic(at=(latitude, longitude), status="closed")

    (duplicate,) = found().shown

    assert (duplicate.public_id, duplicate.why) == (near["public_id"], (Alike.NEARBY,))
    assert duplicate.miles == pytest.approx(0.9, abs=0.02)


def test_what_is_likelier_comes_first_and_each_listing_once():
    latitude, longitude = centre()
    nearby = add_clinic(at=(latitude, longitude))
    named = add_clinic(name="Copper Snail Ketamine", state="IL", city="Cairo")
    rung = add_clinic(phone="+13095550142")
    both = add_clinic(phone="+13095550142", name="Copper Snail Ketamine", state="IL", at=(latitude, longitude))

    shown = found(phone="3095550142").shown

    assert [each.public_id for each in shown] == [each["public_id"] for each in (both, rung, named, nearby)]
    assert shown[0].why == (Alike.PHONE, Alike.NAME, Alike.NEARBY)


def test_at_most_twenty_are_shown_and_it_is_said_how_many_more_there_are():
    add_clinics([clinic_row(phone="+13095550142") for _ in range(MOST_SHOWN + 3)])

    duplicates_found = found(phone="3095550142")

    assert (len(duplicates_found.shown), duplicates_found.more) == (MOST_SHOWN, 3)


@pytest.mark.parametrize("status", [status for status in ListingStatus if status != "merged"])
def test_people_are_shown_what_everybody_knows_of_and_moderators_also_what_was_proposed_hidden_or_declined(status):
    add_clinic(phone="+13095550142", status=status)

    assert bool(found(phone="3095550142").shown) == (status in {"published", "closed"})
    assert bool(found(phone="3095550142", for_moderators=True).shown) == (status != "withdrawn")


def test_a_listing_is_no_duplicate_of_itself():
    clinic = add_clinic(phone="+13095550142")

    assert found(phone="3095550142", but=clinic["public_id"]).shown == ()


def test_each_likeness_has_its_own_words_for_people():
    assert len({each.label for each in Alike}) == len(Alike)
    assert (Alike.NPI.label, Alike.NEARBY.label) == ("The same NPI", "Within a mile")


def test_where_nobody_knows_the_place_the_rest_is_looked_for():
    add_clinic(phone="+13095550142")

    assert reasons(phone="3095550142", city="Nowhere at all", postal_code="") == [(Alike.PHONE,)]


def test_it_takes_two_statements_however_many_there_are():
    with counted_statements() as counted:
        found(phone="3095550142", npi=NPI, address="1 Main St")

    assert len(counted) == 2


def centre():
    with reading() as session:
        point = facts.centre_of(session, read(FIELDS, is_whole=True)).point
        return point.latitude, point.longitude
