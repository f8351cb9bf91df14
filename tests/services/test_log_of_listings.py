from datetime import timedelta

import pytest

from directory.domain.errors import InvalidParameter, NotFound
from directory.domain.revisions import ListingAction, ListingReason, RevisionKind
from directory.services import log
from tests.support.answers import TODAY
from tests.support.reviews import NOON, account, approved, decided, declined, link, reviewed_clinic, submitted
from tests.support.statements import counted_statements
from tests.support.suggestions import entered, hidden, relisted, shown_again, suggested

pytestmark = pytest.mark.usefixtures("app")

MAILED = {"at_home_use_offered": ("yes", link())}


def minutes(number):
    return NOON + timedelta(minutes=number)


def test_decisions_on_listings_stand_among_those_on_reviews_in_the_order_of_time():
    clinic = reviewed_clinic(name="Blue Teapot")
    approved(clinic, account(), MAILED, at=NOON)
    changed = entered(suggested(clinic, account()), "approve", at=minutes(1))
    decided(submitted(clinic, account(), MAILED, at=NOON), declined(), at=minutes(2))
    refused = entered(suggested(clinic, account(), kind="close"), "decline", at=minutes(3))

    found = log.page(as_of=TODAY).entries

    assert [(each.kind, each.suggestion) for each in found] == [
        ("listing_decline", RevisionKind.CLOSE), ("decline", None), ("listing_approve", RevisionKind.EDIT),
        ("approve", None),
    ]  # fmt: skip
    assert found[0].reason is ListingReason.NO_SOURCE
    assert {each.clinic.name for each in found} == {"Blue Teapot"}
    for entry, shown in ((refused, found[0]), (changed, found[2])):
        assert log.show(entry, as_of=TODAY) == shown


def test_what_people_do_with_their_own_suggestions_and_what_nobody_published_is_not_listed():
    author, clinic, proposed = account(), reviewed_clinic(), reviewed_clinic(status="proposed")
    entered(suggested(clinic, author), "withdraw", by=author)
    entry = entered(suggested(proposed, account(), kind="new"), "request_changes")

    assert log.page(as_of=TODAY).entries == []
    with pytest.raises(NotFound):
        log.show(entry, as_of=TODAY)


def test_an_entry_repeats_nobodys_words():
    clinic = reviewed_clinic()
    entered(suggested(clinic, account()), "decline")

    (entry,) = log.page(as_of=TODAY).entries

    assert "Nobody can see it" not in str(vars(entry))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_of_both_kinds_leave_nothing_out_and_show_nothing_twice(monkeypatch, size):
    monkeypatch.setattr(log, "PAGE", size)
    made = set()
    for number in (0, 1, 1, 4):
        approved(reviewed_clinic(), account(), MAILED, at=minutes(number))
        made.add(entered(suggested(reviewed_clinic(), account()), "approve", at=minutes(number)))
    # Of one moment, and what was entered later of an earlier one.
    for number in (5, 5, 2):
        decided(submitted(reviewed_clinic(), account(), MAILED), declined(), at=minutes(number))

    shown, after = [], ""
    while after is not None:
        page = log.page(as_of=TODAY, after=after)
        shown += [each.public_id for each in page.entries]
        assert len(page.entries) <= size
        after = page.next

    assert len(shown) == len(set(shown)) == 11
    assert made < set(shown)


def test_the_log_is_narrowed_to_a_kind_of_decision_on_listings():
    clinic, other = reviewed_clinic(name="Here"), reviewed_clinic()
    for each in (clinic, other):
        approved(each, account(), MAILED)
        entered(suggested(each, account()), "approve")
        entered(suggested(each, account()), "decline")

    approvals = log.page(as_of=TODAY, action="listing_approve")
    of_one = log.page(as_of=TODAY, action="listing_decline", clinic=clinic["public_id"])
    of_reviews = log.page(as_of=TODAY, action="approve")

    assert [each.kind for each in approvals.entries] == ["listing_approve"] * 2
    assert [(each.kind, each.clinic.name) for each in of_one.entries] == [("listing_decline", "Here")]
    assert [each.kind for each in of_reviews.entries] == ["approve"] * 2
    assert approvals.action == "listing_approve"
    for odd in ("listing_submit", "listing_withdraw", "listing_", "listing"):
        with pytest.raises(InvalidParameter):
            log.page(as_of=TODAY, action=odd)


def test_what_was_decided_about_a_merged_listing_is_told_under_the_one_that_stands_for_it():
    goes, stays = reviewed_clinic(name="Old Kite"), reviewed_clinic(name="New Kite")
    approved(goes, account(), MAILED)
    approved(stays, account(), MAILED)
    relisted(goes, "merge", "merged", target=stays)

    found = log.page(as_of=TODAY)
    by_either = [log.page(as_of=TODAY, clinic=each["public_id"]) for each in (goes, stays)]

    kinds = ["listing_approve", "listing_approve_once", "approve", "approve"]
    assert sorted(each.kind for each in found.entries) == sorted(kinds)
    assert {(each.clinic.name, each.clinic.public_id) for each in found.entries} == {("New Kite", stays["public_id"])}
    for each in by_either:
        assert (each.entries, each.clinic.name) == (found.entries, "New Kite")


def test_of_a_hidden_listing_only_that_it_was_hidden_is_told_and_not_its_name():
    clinic = reviewed_clinic(name="Paper Kite")
    approved(clinic, account(), MAILED)
    entered(suggested(clinic, account()), "approve")
    entry = hidden(clinic)

    (found,) = log.page(as_of=TODAY).entries

    assert (found.public_id, found.kind, found.reason) == (entry, "listing_hide", ListingReason.LEGAL_REQUEST)
    assert (found.clinic.name, found.clinic.slug, found.clinic.city) == ("", "", "")
    assert log.show(entry, as_of=TODAY) == found
    with pytest.raises(NotFound):
        log.page(as_of=TODAY, clinic=clinic["public_id"])
    shown_again(clinic, at=minutes(1))
    assert log.page(as_of=TODAY).entries[0].action is ListingAction.UNHIDE
    assert {each.clinic.name for each in log.page(as_of=TODAY).entries} == {"Paper Kite"}


def test_a_closed_clinic_stays_in_the_log():
    clinic = reviewed_clinic()
    approved(clinic, account(), MAILED)
    relisted(clinic, "close", "closed", at=minutes(1))

    assert [each.kind for each in log.page(as_of=TODAY, clinic=clinic["public_id"]).entries] == [
        "listing_approve", "approve",
    ]  # fmt: skip


@pytest.mark.parametrize("after", ["nobody,", ",nobody", "a\0b,c", ",", ",,,", "x" * 300])
def test_a_place_that_nobody_named_begins_with_the_first(after):
    clinic = reviewed_clinic()
    approved(clinic, account(), MAILED)
    entered(suggested(clinic, account()), "approve")

    assert len(log.page(as_of=TODAY, after=after).entries) == 2


def test_the_log_takes_as_many_statements_for_many_entries_as_for_few():
    clinic, taken = reviewed_clinic(), []
    for number in (1, 3):
        for _ in range(number):
            approved(clinic, account(), MAILED)
            entered(suggested(clinic, account()), "approve")
        with counted_statements() as statements:
            log.page(as_of=TODAY, clinic=clinic["public_id"])
        taken.append(len(statements))

    assert taken == [4, 4]
