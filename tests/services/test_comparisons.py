from datetime import timedelta

import pytest

from directory.domain.findings import Verdict
from directory.models import Clinic
from directory.services import comparisons, profiles
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic
from tests.support.engines import ON_ONE_ENGINE
from tests.support.reviews import (
    NOON,
    REPLY_OVER,
    accounts,
    approved,
    confirmed,
    link,
    rechecked,
    reviewed_clinic,
    told,
)
from tests.support.statements import counted_statements
from tests.support.tables import rows

HOME, CURE, PRICE = "at_home_use_offered", "cure_all_claims", "price_published"


def test_clinics_stand_in_the_order_in_which_they_were_named_whatever_was_found(app):
    bad, good, unknown = reviewed_clinic(name="Bad"), reviewed_clinic(name="Good"), reviewed_clinic(name="Unknown")
    ann, ben = accounts(2)
    rechecked(approved(bad, ann, {CURE: ("yes", link())}), CURE)
    rechecked(approved(good, ben, {CURE: ("no", link()), PRICE: ("yes", link())}), CURE)

    found = compared(unknown, bad, good)

    assert [clinic.name for clinic in found.clinics] == ["Unknown", "Bad", "Good"]
    verdicts = [clinic.card.score.verdicts[CURE] for clinic in found.clinics]
    assert verdicts == [Verdict.UNKNOWN, Verdict.CONFIRMED, Verdict.CLEARED]
    assert (found.is_comparison, found.has_room, found.missing) == (True, True, 0)


def test_a_card_beside_others_is_the_card_of_the_clinics_own_page(app):
    row, other = reviewed_clinic(), reviewed_clinic()
    for author in accounts(2):
        approved(row, author, {HOME: ("yes", link(on=REPLY_OVER)), PRICE: ("yes", told())})
    confirmed(row, HOME)
    (shown, _) = compared(row, other).clinics

    own = profiles.show(row["public_id"], as_of=TODAY)

    assert (shown.card.score, shown.shaken) == (own.card.score, own.shaken)
    assert [each.finding for each in shown.card.signs] == [each.finding for each in own.card.signs]
    assert [each.standing for each in shown.card.safeguards] == [each.standing for each in own.card.safeguards]
    assert [each.confirmed_on for each in shown.card.signs] == [each.confirmed_on for each in own.card.signs]


def test_four_fit_and_the_rest_is_named(app):
    made = [add_clinic() for _ in range(6)]

    found = compared(*made)

    assert [clinic.name for clinic in found.clinics] == [row["name"] for row in made[:4]]
    assert [clinic.name for clinic in found.left_over] == [row["name"] for row in made[4:]]
    assert not found.has_room


@ON_ONE_ENGINE
def test_a_clinic_that_has_closed_is_named_and_not_compared(app):
    made = [add_clinic(), add_clinic(status="closed", name="Closed"), add_clinic()]

    found = compared(*made)

    assert [clinic.name for clinic in found.closed] == ["Closed"]
    assert (len(found.clinics), found.missing) == (2, 0)


@pytest.mark.parametrize("status", ["proposed", "declined", "hidden"])
def test_what_is_not_shown_is_missing_like_what_never_was(app, status):
    listed, unlisted = add_clinic(), add_clinic(status=status)

    found = comparisons.side_by_side(
        [listed["public_id"], unlisted["public_id"], "nobody-there", "'; --", ""], as_of=TODAY
    )

    assert [clinic.name for clinic in found.clinics] == [listed["name"]]
    assert (found.missing, found.is_comparison) == (4, False)


def test_a_merged_listing_comes_as_the_one_that_stands_for_it_and_each_only_once(app):
    stays, other = add_clinic(name="Stays"), add_clinic(name="Other")
    merged = merged_into(stays)

    alone = compared(merged, other)
    both = compared(merged, other, stays, merged)

    assert [clinic.name for clinic in alone.clinics] == ["Stays", "Other"]
    assert [clinic.name for clinic in alone.joined] == ["Stays"]
    assert [clinic.name for clinic in both.clinics] == ["Stays", "Other"]
    assert (alone.missing, both.missing) == (0, 0)


@ON_ONE_ENGINE
def test_what_a_merged_listing_leads_to_is_shown_only_while_it_is_published(app):
    merged = merged_into(add_clinic(status="hidden"))

    assert compared(merged).missing == 1


def test_the_number_of_statements_is_the_same_for_two_clinics_and_for_four_with_many_reviews(app):
    made = [reviewed_clinic(name=f"Clinic {place}") for place in range(4)]
    for place, author in enumerate(accounts(8)):
        seen = {"on": days_ago(2 * place)}
        answers = {CURE: ("yes", link(f"Cure {place}.", **seen)), PRICE: ("no", told(**seen))}
        approved(made[place % 4], author, answers, at=NOON - timedelta(days=2 * place))
    confirmed_signs(made)

    with counted_statements() as of_two:
        compared(*made[:2])
    with counted_statements() as of_four:
        compared(*made)

    assert len(of_two) == len(of_four) == 7


@ON_ONE_ENGINE
def test_however_many_ids_an_address_names_only_so_many_are_looked_at(app):
    row = add_clinic()
    named = [f"none-{number}" for number in range(comparisons.MOST_LOOKED_AT)]

    found = comparisons.side_by_side([*named, row["public_id"]], as_of=TODAY)

    assert (list(found.clinics), found.missing) == ([], comparisons.MOST_LOOKED_AT)


@ON_ONE_ENGINE
def test_the_nearest_other_clinics_are_offered_until_four_stand_there(app):
    made = [add_clinic(name=f"Clinic {place}", at=(38.63 + place / 100, -90.2)) for place in range(9)]
    far, nowhere = add_clinic(name="Far", at=(47.6, -122.3)), add_clinic(name="Nowhere")

    assert offered(made[0], made[2]) == [f"Clinic {place}" for place in (1, 3, 4, 5, 6, 7)]
    assert offered(*made[:4]) == []
    assert (offered(far), offered(nowhere), offered()) == ([], [], [])


def compared(*made):
    return comparisons.side_by_side([row["public_id"] for row in made], as_of=TODAY)


def offered(*made):
    return [clinic.name for clinic in comparisons.offered(compared(*made))]


def confirmed_signs(made):
    """Let two people confirm a sign at each clinic: what that rests on is looked up too."""
    for row in made:
        for author in accounts(2):
            approved(row, author, {HOME: ("yes", link(on=REPLY_OVER))})
        confirmed(row, HOME)


def merged_into(stays):
    """Return the columns of a listing for which another one stands."""
    (successor,) = rows(Clinic, Clinic.public_id == stays["public_id"])
    return add_clinic(status="merged", successor_id=successor.id)
