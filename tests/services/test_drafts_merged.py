"""What somebody typed about a listing that was merged meanwhile: nothing of it is lost, and nothing written over."""

import pytest

from directory.domain.errors import Conflict, InvalidParameter, NotFound
from directory.models import Review, ReviewDraft
from directory.services import drafts, review_forms
from directory.services.drafts import Filled
from tests.support.answers import TODAY
from tests.support.checklists import SHIPPED
from tests.support.clinics import add_clinic
from tests.support.reviews import NOON, account, changes_requested, decided, link, reviewed_clinic, submitted
from tests.support.suggestions import number_of, relisted
from tests.support.tables import nothing_written, rows

pytestmark = pytest.mark.usefixtures("app")

HOME = "at_home_use_offered"
LEAST = {
    "tie": "none",
    f"{HOME}-value": "yes",
    f"{HOME}-note": "They offered it when I called.",
    f"{HOME}-note_seen": TODAY.isoformat(),
}
OTHER = LEAST | {f"{HOME}-note": "They mail lozenges."}


@pytest.fixture
def listings(app):
    """Two listings of one clinic, which are not merged yet: the one that goes, and the one that stays."""
    return reviewed_clinic(name="Paper Kite Annex"), reviewed_clinic(name="Paper Kite")


def test_a_draft_about_a_merged_listing_becomes_one_about_the_listing_that_stays(listings):
    (goes, stays), author = listings, account()
    saved(goes, author, LEAST)
    merge(goes, stays)

    there = taken_over(goes, author, LEAST, seen=1)
    again = taken_over(goes, author, LEAST, seen=1)

    assert there == again == stays["public_id"]
    assert (left(stays, author), left(goes, author)) == (LEAST, {})
    assert [(row.clinic_id, row.status) for row in rows(Review)] == [(number_of(stays), "draft")]
    assert len(rows(ReviewDraft)) == 1


def test_a_form_that_was_never_saved_is_taken_over_as_well(listings):
    (goes, stays), author = listings, account()
    merge(goes, stays)

    taken_over(goes, author, LEAST)

    assert left(stays, author) == LEAST


def test_what_another_window_saved_about_the_merged_listing_stays_there(listings):
    (goes, stays), author = listings, account()
    saved(goes, author, OTHER)
    merge(goes, stays)

    taken_over(goes, author, LEAST, seen=0)

    assert (left(stays, author), left(goes, author)) == (LEAST, OTHER)


def test_what_was_sent_back_about_the_merged_listing_goes_on_as_a_new_review_and_stays(listings):
    (goes, stays), author = listings, account()
    decided(submitted(goes, author, {HOME: ("yes", link())}, key="a key"), changes_requested())
    saved(goes, author, OTHER)
    merge(goes, stays)

    taken_over(goes, author, OTHER, seen=1)

    assert (left(stays, author), left(goes, author)) == (OTHER, OTHER)
    assert sorted(row.status for row in rows(Review)) == ["changes_requested", "draft"]


@pytest.mark.parametrize("how", ["another draft", "handed in"])
def test_another_review_of_the_listing_that_stays_is_not_written_over(listings, how):
    (goes, stays), author = listings, account()
    saved(goes, author, LEAST)
    if how == "handed in":
        submitted(stays, author, {HOME: ("yes", link())})
    else:
        saved(stays, author, OTHER, key="another key")
    merge(goes, stays)

    with nothing_written(), pytest.raises(Conflict, match="another review of this clinic"):
        taken_over(goes, author, LEAST, seen=1)

    assert left(goes, author) == LEAST
    assert review_forms.left_behind(goes["public_id"], author).has_another


def test_what_is_longer_than_a_draft_can_be_is_not_taken_over(listings):
    (goes, stays), author = listings, account()
    saved(goes, author, LEAST)
    merge(goes, stays)

    with nothing_written(), pytest.raises(InvalidParameter, match="more than a draft can hold"):
        taken_over(goes, author, LEAST | {f"{HOME}-note": "x" * 1_000_000}, seen=1)

    assert left(goes, author) == LEAST


def test_an_author_is_told_what_they_left_where_and_which_listing_stays(listings):
    (goes, stays), author = listings, account()
    stored = saved(goes, author, LEAST)
    merge(goes, stays)

    own, anothers = (review_forms.left_behind(goes["public_id"], by) for by in (author, account()))

    assert (own.goes.name, own.stays.public_id, own.has_another) == ("Paper Kite Annex", stays["public_id"], False)
    assert own.stored == stored
    assert (anothers.stored.fields, anothers.has_another) == ({}, False)
    assert anothers.stored.key != stored.key


def test_what_was_handed_in_about_a_merged_listing_is_not_left_to_write(listings):
    (goes, stays), author = listings, account()
    submitted(goes, author, {HOME: ("yes", link())})
    merge(goes, stays)

    assert review_forms.left_behind(goes["public_id"], author).stored.fields == {}


@pytest.mark.parametrize("status", ["published", "proposed", None])
def test_a_listing_that_was_not_merged_has_left_nothing_behind(status):
    author = account()
    clinic = add_clinic(status=status) if status else {"public_id": "no\0where"}

    with pytest.raises(NotFound, match="No clinic is listed"):
        review_forms.left_behind(clinic["public_id"], author)
    with pytest.raises(NotFound, match="No clinic is listed"):
        taken_over(clinic, author, LEAST)


def merge(goes, stays):
    relisted(goes, "merge", "merged", target=stays)


def form(clinic, author, typed, seen, key):
    return Filled(clinic=clinic["public_id"], author_id=author, fields=typed, key=key, seen_version=seen)


def saved(clinic, author, typed, *, key="a key"):
    return drafts.save(form(clinic, author, typed, 0, key), SHIPPED, at=NOON)


def taken_over(clinic, author, typed, *, seen=0):
    return drafts.take_over(form(clinic, author, typed, seen, "a key"), SHIPPED, at=NOON)


def left(clinic, author):
    """Return what can be written on of an author's review of a listing, as it would be typed."""
    stored = review_forms.left_open(clinic["public_id"], author)
    return {name: text for name, text in stored.fields.items() if name != "checklist"}
