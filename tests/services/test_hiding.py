from datetime import timedelta

import pytest

from directory.domain.access import Role
from directory.domain.errors import Forbidden, NotFound
from directory.domain.profile import NOT_LISTED, ListingStatus
from directory.domain.revisions import ListingReason
from directory.domain.ties import TieKind
from directory.extensions import reading
from directory.services import access, hiding, listing_decisions
from directory.services.listing_decisions import Hiding
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic
from tests.support.listings import administrator
from tests.support.reviews import NOON, account, declared
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("app")

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("status", [ListingStatus.PUBLISHED, ListingStatus.CLOSED])
def test_an_administrator_sees_a_public_listing_as_one_that_is_not_hidden(status):
    clinic = add_clinic(name="Paper Kite", city="Reno", state="NV", status=status)

    found = looked_at(clinic, administrator())

    assert (found.public_id, found.slug) == (clinic["public_id"], "paper-kite")
    assert (found.name, found.city, found.state) == ("Paper Kite", "Reno", "NV")
    assert (found.status, found.hidden) == (status, None)


def test_of_a_hidden_listing_an_administrator_sees_since_when_until_when_and_why():
    clinic, by = add_clinic(), administrator()
    hide(clinic, by, words="A court asked.", at=NOON - 48 * HOUR)
    listing_decisions.unhide(clinic["public_id"], words="They withdrew it.", administrator_id=by, at=NOON - 47 * HOUR)
    hide(clinic, by, words="It is another clinic.", reason=ListingReason.OTHER_CLINIC, days=9, at=NOON - 24 * HOUR)

    found = looked_at(clinic, administrator())

    assert found.status is ListingStatus.HIDDEN
    assert (found.hidden.since, found.hidden.until) == (days_ago(1), days_ago(-9))
    assert (found.hidden.reason, found.hidden.words) == (ListingReason.OTHER_CLINIC, "It is another clinic.")


@pytest.mark.security(22)
def test_a_listing_to_which_one_has_a_tie_is_not_there_to_hide():
    clinic, by = add_clinic(), administrator()
    declared(by, clinic, TieKind.OWNER)

    with pytest.raises(NotFound) as refused:
        looked_at(clinic, by)

    assert str(refused.value) == NOT_LISTED


@pytest.mark.parametrize("status", ["proposed", "declined", "withdrawn"])
def test_what_was_never_public_is_not_there_to_hide(status):
    with pytest.raises(NotFound, match="No clinic is listed"):
        looked_at(add_clinic(status=status), administrator())


@pytest.mark.parametrize("role", [None, Role.MODERATOR])
def test_nobody_but_an_administrator_reads_what_is_hidden(role):
    clinic, by = add_clinic(), account(role=role)

    with pytest.raises(Forbidden, match="takes a role"):
        looked_at(clinic, by)
    with pytest.raises(Forbidden, match="takes a role"):
        hiding.all_hidden(who_is(by))


def test_the_hidden_listings_stand_in_the_order_of_the_days_on_which_they_are_looked_at_again():
    later, sooner, shown, never = (add_clinic(name=name) for name in ("Later", "Sooner", "Shown", "Never"))
    by = administrator()
    hide(shown, by, days=1)
    listing_decisions.unhide(shown["public_id"], words="They withdrew it.", administrator_id=by, at=NOON + HOUR)
    hide(later, by, days=30)
    hide(sooner, by, days=2)
    listing_decisions.unhide(sooner["public_id"], words="By mistake.", administrator_id=by, at=NOON + HOUR)
    hide(sooner, by, days=8, at=NOON + HOUR)

    with counted_statements() as statements:
        who = who_is(by)
        found = hiding.all_hidden(who)

    assert [(each.name, each.status, until) for each, until in found] == [
        ("Sooner", "hidden", days_ago(-8)), ("Later", "hidden", days_ago(-30)),
    ]  # fmt: skip
    assert never["public_id"] not in {each.public_id for each, _ in found}
    assert len(statements) == 2  # one of them tells who asks


def test_the_number_that_is_due_counts_a_listing_from_its_day_on_and_no_longer_than_it_is_hidden():
    first, second, by = add_clinic(), add_clinic(), administrator()
    hide(first, by, days=2)
    hide(second, by, days=5)

    with counted_statements() as statements:
        due = [hiding.number_due(today=days_ago(-days)) for days in (1, 2, 4, 5)]
    listing_decisions.unhide(first["public_id"], words="They withdrew it.", administrator_id=by, at=NOON + HOUR)

    assert due == [0, 1, 1, 2]
    assert len(statements) == 4
    assert hiding.number_due(today=days_ago(-5)) == 1


def test_a_hidden_listing_takes_three_statements():
    clinic, by = add_clinic(), administrator()
    hide(clinic, by)
    who = who_is(by)

    with counted_statements() as statements:
        hiding.look_at(clinic["public_id"], who, at=NOON)

    assert len(statements) == 3


def hide(clinic, by, *, words="A court asked.", reason=ListingReason.LEGAL_REQUEST, days=30, at=NOON):
    whole = Hiding(reason=reason, words=words, until=TODAY + timedelta(days=days))
    listing_decisions.hide(clinic["public_id"], whole, administrator_id=by, at=at)


def looked_at(clinic, by):
    return hiding.look_at(clinic["public_id"], who_is(by), at=NOON)


def who_is(number):
    with reading() as session:
        return access.actor(session, number)
