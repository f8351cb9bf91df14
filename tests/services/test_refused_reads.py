"""What staff read is refused by the services too, not by the routes alone, and what is not there is said not to be."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.domain.access import Actor, Role
from directory.domain.errors import Conflict, Forbidden, NotFound
from directory.domain.mail import Site
from directory.domain.revisions import ListingAction
from directory.extensions import writing
from directory.models import Account, Clinic, Revision
from directory.services import after_approval, desk, hiding, listing_acts, own_reviews, review_forms
from directory.services.listing_acts import ListingAct
from tests.support.listings import APPROVED, decided, listing, suggested
from tests.support.reviews import NOON, account, approved, link, reviewed_clinic
from tests.support.tables import rows, unguarded

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}
SITE = Site(host="directory.example", page="https://directory.example/s")
PAGE = "https://directory.example/c"
LATER = NOON + timedelta(hours=1)


def reviewer():
    number = account(role=None)
    return Actor(account_id=number, voice=number)


@pytest.mark.security(22)
@pytest.mark.parametrize(
    "read",
    [
        lambda who: after_approval.pending(who, at=NOON),
        lambda who: desk.look_at("abcdefghijkl", who, at=NOON),
        hiding.all_hidden,
    ],
    ids=["what is asked about", "the desk", "what is hidden"],
)
def test_somebody_without_the_role_reads_nothing_of_staff(read):
    with pytest.raises(Forbidden):
        read(reviewer())


def test_nothing_is_asked_about_a_review_that_is_not_there():
    with pytest.raises(NotFound):
        after_approval.of_review("abcdefghijkl", reviewer(), at=NOON)


def test_a_listing_that_is_not_there_is_not_there_to_hide():
    number = account()
    staff = Actor(account_id=number, voice=number, roles=frozenset({Role.ADMINISTRATOR}), has_second_factor=True)

    with pytest.raises(NotFound):
        hiding.look_at("abcdefghijkl", staff, at=NOON)


def test_a_wish_of_somebody_else_is_not_there_to_take_back():
    review = approved(reviewed_clinic(), account(role=None), MAILED)

    with pytest.raises(NotFound):
        own_reviews.drop_wish(review, reviewer(), seen_version=3, at=NOON)


def test_a_listing_that_was_not_merged_leads_nowhere():
    clinic = reviewed_clinic()

    with writing() as session, pytest.raises(NotFound):
        review_forms.merged(session, clinic["public_id"])


def test_a_suggestion_that_changed_under_a_decision_is_not_decided():
    clinic = reviewed_clinic()
    revision = suggested(clinic, "close")
    act = ListingAct(action=ListingAction.APPROVE, actor_id=account(), at=NOON)

    with unguarded("listing_decision", "revision"), pytest.raises(Conflict), writing() as session:  # noqa: PT012 - the error ends the turn
        found = session.scalars(select(Revision).where(Revision.public_id == revision)).one()
        found_clinic = session.get(Clinic, found.clinic_id)
        session.expunge(found)
        found.version = 7
        listing_acts.move(session, found, found_clinic, act)

    assert listing(clinic).status == "published"


def test_a_reviewer_who_has_no_address_any_more_gets_no_letter_and_nothing_stops():
    clinic, author = reviewed_clinic(), account(role=None)
    approved(clinic, author, MAILED)
    assert not rows(Account, Account.id == author)[0].email

    decided(suggested(clinic, "close", at=LATER), replace(APPROVED, site=SITE, listing_page=PAGE), at=LATER)

    assert listing(clinic).status == "closed"
