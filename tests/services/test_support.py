from datetime import timedelta

import pytest

from directory.domain.errors import Forbidden
from directory.domain.moderation import Action, Reason
from directory.domain.ties import TieKind
from directory.extensions import db, writing
from directory.models import Clinic
from directory.services import access, log, profiles, support, voids, wishes
from directory.services.voids import Vote
from tests.support.answers import TODAY, days_ago
from tests.support.reviews import (
    NOON,
    REPLY_OVER,
    account,
    accounts,
    approved,
    confirmed,
    link,
    rechecked,
    remedied,
    reviewed_clinic,
    told,
)
from tests.support.suggestions import number_of, relisted
from tests.support.tables import rows

pytestmark = pytest.mark.usefixtures("app")

HOME = "at_home_use_offered"
DAY = timedelta(days=1)
PAID = Vote(reason=Reason.PAID_OR_REWARDED, words="An invoice names the sum.")
AS_APPROVED = 3


def test_a_confirmed_sign_whose_only_report_its_author_withdrew_is_looked_at_again_and_not_cleared():
    clinic, review, author = on_one_report()

    taken_back(review, author)

    (entry, lost) = shown(clinic)
    assert (entry.finding.verdict, lost.action, lost.on) == ("unknown", Action.WITHDRAW_AFTER, TODAY)
    assert [(each.clinic.public_id, each.entry.criterion.slug) for each in again()] == [(clinic["public_id"], HOME)]
    (logged,) = [each for each in log.page(as_of=TODAY).entries if each.action is Action.WITHDRAW_AFTER]
    assert [each.slug for each in logged.shaken] == [HOME]


def test_so_is_one_whose_report_was_made_void():
    clinic, review, _ = on_one_report()

    for by in accounts(2):
        voids.vote(review, PAID, moderator_id=by, seen_version=AS_APPROVED, at=NOON)

    (_, lost) = shown(clinic)
    assert (lost.action, len(again())) == (Action.VOID, 1)
    (logged,) = [each for each in log.page(as_of=TODAY).entries if each.action is Action.VOID]
    assert [each.slug for each in logged.shaken] == [HOME]


@pytest.mark.parametrize("is_lost_first", [True, False])
def test_what_the_reports_of_a_merged_listing_lost_is_looked_at_again_at_the_one_that_stays(is_lost_first):
    (goes, review, author), stays = on_one_report(), reviewed_clinic()
    steps = [lambda: taken_back(review, author), lambda: relisted(goes, "merge", "merged", target=stays)]
    for step in steps if is_lost_first else reversed(steps):
        step()
    tied = account()
    with writing() as session:
        access.declare(session, TieKind.OWNER, tied, number_of(goes), at=NOON)

    (_, lost) = shown(stays)
    assert (lost.action, lost.on) == (Action.WITHDRAW_AFTER, TODAY)
    assert [(each.clinic.public_id, each.entry.criterion.slug) for each in again()] == [(stays["public_id"], HOME)]
    assert again(tied) == []
    (logged,) = [each for each in log.page(as_of=TODAY).entries if each.action is Action.WITHDRAW_AFTER]
    assert [each.slug for each in logged.shaken] == [HOME]


def test_one_that_stays_confirmed_on_too_little_is_looked_at_again_too():
    clinic, review, author = on_one_report()
    approved(clinic, account(), {HOME: ("yes", told(on=REPLY_OVER))})

    taken_back(review, author)

    (entry, lost) = shown(clinic)
    assert (entry.finding.verdict, bool(lost), len(again())) == ("confirmed", True, 1)


def test_one_that_stands_on_enough_without_it_is_not():
    clinic, review, author = on_one_report()
    rechecked(approved(clinic, account(), {HOME: ("yes", link(on=REPLY_OVER))}), HOME)

    taken_back(review, author)

    assert shown(clinic)[1] is None
    assert again() == []


def test_nor_one_that_only_one_person_confirmed():
    clinic, review, author = on_one_report(confirmed_by=1)

    taken_back(review, author)

    assert (shown(clinic)[1], again()) == (None, [])
    assert {each.shaken for each in log.page(as_of=TODAY).entries} == {()}


def test_nor_one_that_had_not_rested_on_what_was_withdrawn():
    author, clinic = account(role=None), reviewed_clinic()
    review = approved(clinic, author, {"price_published": ("yes", link(on=REPLY_OVER))})
    rechecked(approved(clinic, account(), {HOME: ("yes", link(on=REPLY_OVER))}), HOME)
    confirmed(clinic, HOME)

    taken_back(review, author)

    assert (shown(clinic)[1], again()) == (None, [])


def test_what_was_withdrawn_before_anybody_confirmed_the_sign_took_nothing_from_it():
    author, clinic = account(role=None), reviewed_clinic()
    early = approved(clinic, author, {HOME: ("yes", link(on=days_ago(9)))}, at=NOON - 9 * DAY)
    late = account(role=None)
    review = approved(clinic, late, {HOME: ("yes", link(on=REPLY_OVER))}, at=NOON - 7 * DAY)
    taken_back(early, author, at=NOON - 6 * DAY)
    rechecked(review, HOME, at=NOON - 5 * DAY)
    confirmed(clinic, HOME, at=NOON - 5 * DAY)

    taken_back(review, late)

    lost = shown(clinic)[1]
    assert (lost.observed_on, lost.on) == (REPLY_OVER, TODAY)


def test_it_is_over_once_the_sign_was_ruled_mended():
    clinic, review, author = on_one_report()
    taken_back(review, author)

    remedied(clinic, HOME)

    assert (shown(clinic)[1], again()) == (None, [])


def test_it_is_over_once_new_evidence_is_enough():
    clinic, review, author = on_one_report()
    taken_back(review, author)

    rechecked(approved(clinic, account(), {HOME: ("yes", link())}), HOME)

    assert (shown(clinic)[1], again()) == (None, [])


def test_it_is_over_once_what_was_withdrawn_would_have_run_out():
    clinic, review, author = on_one_report()
    taken_back(review, author)

    assert shown(clinic, TODAY + 358 * DAY)[1] is not None
    assert shown(clinic, TODAY + 359 * DAY)[1] is None
    assert len(again(at=NOON + 358 * DAY)) == 1
    assert again(at=NOON + 359 * DAY) == []


def test_a_confirmation_that_is_not_in_force_yet_is_told_to_nobody():
    author, clinic = account(role=None), reviewed_clinic()
    review = approved(clinic, author, {HOME: ("yes", link(on=REPLY_OVER))})
    rechecked(review, HOME)
    confirmed(clinic, HOME, told_on=TODAY)

    taken_back(review, author)

    assert shown(clinic)[1] is None
    assert {each.shaken for each in log.page(as_of=TODAY).entries} == {()}
    assert shown(clinic, TODAY + 7 * DAY)[1] is not None


def test_moderators_see_none_of_a_clinic_to_which_they_have_a_tie_and_others_see_none():
    clinic, review, author = on_one_report()
    taken_back(review, author)
    tied = account()
    (row,) = rows(Clinic, Clinic.public_id == clinic["public_id"])
    with writing() as session:
        access.declare(session, TieKind.OWNER, tied, row.id, at=NOON)

    assert again(tied) == []
    with pytest.raises(Forbidden):
        again(account(role=None))


def on_one_report(confirmed_by=2):
    """Return a clinic of which a sign was confirmed on one re-checked review, that review and its author."""
    author, clinic = account(role=None), reviewed_clinic()
    review = approved(clinic, author, {HOME: ("yes", link(on=REPLY_OVER))})
    rechecked(review, HOME)
    confirmed(clinic, HOME, *accounts(confirmed_by))
    return clinic, review, author


def taken_back(review, author, at=NOON):
    wishes.ask(review, words="", author_id=author, seen_version=AS_APPROVED, at=at)
    wishes.grant(review, moderator_id=account(), seen_version=AS_APPROVED, at=at)


def shown(clinic, as_of=TODAY):
    """Return the entry of the sign on the clinic's page, and what it has lost."""
    profile = profiles.show(clinic["public_id"], as_of=as_of)
    (entry,) = [each for each in profile.card.signs if each.criterion.slug == HOME]
    return entry, profile.shaken.get(HOME)


def again(by=None, at=NOON):
    who = access.actor(db.session, by or account())
    db.session.rollback()
    return support.to_look_at_again(who, at=at)
