import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from directory.domain.access import Role
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, NotFound
from directory.domain.moderation import Action, ReviewStatus
from directory.domain.texts import is_plain
from directory.domain.ties import TieKind
from directory.extensions import reading, writing
from directory.models import AuditEntry, Clinic, Hold, Review
from directory.services import abuse, access, audit, holds, profiles, queue, reviews
from tests.support import hostile
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    account,
    accounts,
    approval,
    assert_the_record_holds,
    changes_requested,
    decided,
    declined,
    reviewed_clinic,
    status_of,
    submitted,
    tied,
    told,
)
from tests.support.rows import tamper
from tests.support.suggestions import relisted
from tests.support.tables import nothing_written, rows

pytestmark = pytest.mark.usefixtures("app")

HOME = "at_home_use_offered"
TOLD = {HOME: ("yes", told(on=days_ago(30)))}
DAY = timedelta(days=1)
HELD = f"are held until {days_ago(-14)}, because there was unusual activity"


def test_a_sixth_review_in_seven_days_holds_a_clinic_for_two_weeks():
    clinic = reviewed_clinic()
    handed_in(clinic, 5)
    before = held_until(clinic)

    handed_in(clinic, 1)

    assert (before, held_until(clinic)) == (None, days_ago(-14))
    (hold,) = rows(Hold)
    assert (hold.why, hold.by_id, hold.words, hold.ended_at) == ("burst", None, "", None)
    assert entered() == [("hold", None, {"clinic": hold.clinic_id, "hold": hold.id, "until": "2026-12-05",
                                         "why": "burst"})]  # fmt: skip


def test_a_fourth_new_account_in_seven_days_holds_a_clinic():
    clinic = reviewed_clinic()
    handed_in(clinic, 3, since=NOON - 13 * DAY)
    before = held_until(clinic)

    handed_in(clinic, 1, since=NOON - 13 * DAY)

    assert (before, held_until(clinic)) == (None, days_ago(-14))


def test_what_comes_slowly_or_from_old_accounts_or_about_several_clinics_is_no_burst():
    slow, old = reviewed_clinic(), reviewed_clinic()
    for days in (14, 12, 10, 8, 6, 4, 2, 0):
        handed_in(slow, 1, at=NOON - days * DAY)
    handed_in(old, 5, since=NOON - 14 * DAY)
    for _ in range(6):
        handed_in(reviewed_clinic(), 1, since=NOON)

    assert rows(Hold) == []


def test_a_review_that_is_handed_in_again_is_no_further_one():
    clinic, author = reviewed_clinic(), account()
    handed_in(clinic, 4)
    review = submitted(clinic, author, TOLD, key="key")
    for version in (2, 4):
        decided(review, changes_requested(), seen_version=version)
        submitted(clinic, author, TOLD, key="key")

    assert rows(Hold) == []


def test_reviews_that_were_taken_back_count_in_a_burst():
    clinic = reviewed_clinic()
    for author in accounts(6):
        review = submitted(clinic, author, TOLD)
        reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)

    assert held_until(clinic) == days_ago(-14)


@pytest.mark.parametrize("verdict", [approval(HOME), declined(), changes_requested()])
def test_while_a_clinic_is_held_reviews_are_taken_in_and_wait(verdict):
    clinic = reviewed_clinic()
    handed_in(clinic, 6)
    review = submitted(clinic, account(), TOLD)
    moderator = account()

    with nothing_written(), pytest.raises(Conflict, match=HELD):
        decided(review, verdict, moderator=moderator, at=NOON + 13 * DAY)

    assert status_of(review) == ("submitted", 2)
    assert len(rows(Hold)) == 1
    decided(review, verdict, moderator=moderator, at=NOON + 14 * DAY)
    assert status_of(review)[1] == 3
    assert_the_record_holds()


def test_reviews_of_other_clinics_are_decided_meanwhile():
    handed_in(reviewed_clinic(), 6)

    decided(submitted(reviewed_clinic(), account(), TOLD), approval(HOME))

    assert_the_record_holds()


def test_the_database_refuses_a_decision_while_a_clinic_is_held():
    clinic = reviewed_clinic()
    handed_in(clinic, 6)
    review, by = rows(Review)[-1], account()

    with writing() as session, pytest.raises(Exception, match="reviews of this clinic are held"):
        session.execute(
            text(
                "INSERT INTO decision (public_id, clinic_id, action, actor_id, review_id, from_status, to_status,"
                " seen_version, reason_text, at) VALUES ('x', :clinic, 'approve', :by, :review, 'submitted',"
                " 'approved', 2, '', '2026-11-21 13:00:00+00:00')"
            ),
            {"clinic": review.clinic_id, "by": by, "review": review.id},
        )


def test_an_author_takes_a_review_back_while_the_clinic_is_held():
    clinic, author = reviewed_clinic(), account()
    handed_in(clinic, 6)
    review = submitted(clinic, author, TOLD)

    reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)

    assert status_of(review) == (ReviewStatus.WITHDRAWN, 3)


def test_a_moderator_ends_a_hold_with_words_and_what_came_before_holds_the_clinic_no_more():
    clinic, moderator = reviewed_clinic(), account()
    handed_in(clinic, 6)

    holds.end(clinic["public_id"], words="A support group wrote.", moderator_id=moderator, at=NOON + DAY)

    assert held_until(clinic) is None
    (hold,) = rows(Hold)
    assert (hold.ended_by_id, hold.ended_words) == (moderator, "A support group wrote.")
    assert entered()[1:] == [("end_hold", moderator, {"clinic": hold.clinic_id, "hold": hold.id})]
    decided(rows(Review)[0].public_id, approval(HOME), at=NOON + DAY)
    handed_in(clinic, 5, at=NOON + 2 * DAY)
    assert len(rows(Hold)) == 1
    handed_in(clinic, 1, at=NOON + 2 * DAY)
    assert len(rows(Hold)) == 2
    assert_the_record_holds()


def test_a_hold_that_ran_out_is_past_too():
    clinic, later = reviewed_clinic(), NOON + 14 * DAY
    handed_in(clinic, 6)
    handed_in(clinic, 5, at=later - DAY)
    handed_in(clinic, 5, at=later)
    before = len(rows(Hold))

    handed_in(clinic, 1, at=later)

    assert (before, len(rows(Hold))) == (1, 2)
    assert held_until(clinic, on=later.date()) == days_ago(-28)


def test_a_moderator_holds_a_clinic_by_hand_for_some_days():
    clinic, moderator = reviewed_clinic(), account()

    until = holds.hold(clinic["public_id"], days=3, words="A forum calls for it.", moderator_id=moderator, at=NOON)

    assert until == held_until(clinic) == days_ago(-3)
    (hold,) = rows(Hold)
    assert (hold.why, hold.by_id, hold.words) == ("moderator", moderator, "A forum calls for it.")
    assert entered() == [("hold", moderator, {"clinic": hold.clinic_id, "hold": hold.id, "until": "2026-11-24",
                                              "why": "moderator"})]  # fmt: skip
    handed_in(clinic, 7)
    assert len(rows(Hold)) == 1


def test_a_clinic_is_held_once_at_a_time_and_what_is_not_held_is_not_ended():
    clinic, moderator = reviewed_clinic(), account()
    with nothing_written(), pytest.raises(Conflict, match="are not held"):
        end(clinic, moderator)
    hold(clinic, moderator)

    with nothing_written(), pytest.raises(Conflict, match="are held already"):
        hold(clinic, moderator)

    end(clinic, moderator)
    with nothing_written(), pytest.raises(Conflict, match="are not held"):
        end(clinic, moderator)


@pytest.mark.parametrize("act", ["hold", "end"])
def test_only_a_moderator_without_a_part_in_it_holds_a_clinic_or_ends_that(act):
    clinic, done = reviewed_clinic(), ACTS[act]
    if act == "end":
        hold(clinic, account())
    tied_to_it = account()
    with writing() as session:
        row = session.query(Clinic).filter_by(public_id=clinic["public_id"]).one()
        access.declare(session, TieKind.PATIENT, tied_to_it, row.id, at=NOON)
    moderator, author = tied("linked to the author")
    submitted(clinic, author, TOLD)

    for by, sentence in ((account(role=None), "takes a role"), (tied_to_it, "a tie"), (moderator, "your own review")):
        with nothing_written(), pytest.raises(Forbidden, match=sentence):
            done(clinic, by)

    done(clinic, account(role=Role.ADMINISTRATOR))


@pytest.mark.parametrize("act", ["hold", "end"])
@pytest.mark.parametrize("public_id", ["gone", "aaaaaaaaaaaa", "\x00"])
def test_what_is_not_listed_is_neither_held_nor_opened(act, public_id):
    add_clinic(public_id="aaaaaaaaaaaa", status="proposed")
    moderator = account()

    with nothing_written(), pytest.raises(NotFound):
        ACTS[act]({"public_id": public_id}, moderator)


@pytest.mark.parametrize("act", ["hold", "end"])
@pytest.mark.parametrize("words", ["", " ", "x" * 1001, "\x00"])
def test_a_hold_and_its_end_need_words(act, words):
    clinic, moderator = reviewed_clinic(), account()

    with nothing_written(), pytest.raises(InvalidParameter):
        ACTS[act](clinic, moderator, words=words)


def test_a_hold_lasts_no_longer_than_two_weeks():
    clinic, moderator = reviewed_clinic(), account()

    with nothing_written(), pytest.raises(InvalidParameter, match="1 to 14 days"):
        holds.hold(clinic["public_id"], days=15, words="Words.", moderator_id=moderator, at=NOON)


@pytest.mark.parametrize("held", ["the listing that went", "the listing that stays", "another that went"])
def test_a_hold_by_one_listing_holds_the_reviews_of_all_that_were_merged(held):
    stays, goes, other = reviewed_clinic(), reviewed_clinic(), reviewed_clinic()
    of_each = [submitted(clinic, account(), TOLD) for clinic in (stays, goes)]
    moderator = account()
    hold({"the listing that stays": stays, "the listing that went": goes}.get(held, other), moderator)
    merge(goes, other, into=stays)

    for review in of_each:
        with nothing_written(), pytest.raises(Conflict, match="are held until"):
            decided(review, approval(HOME), moderator=moderator)
        who = access_of(account())
        assert queue.look_at(review, who, at=NOON).held_until == days_ago(-14)
    assert {line.held_until for line in queue.waiting(who, at=NOON).waiting} == {days_ago(-14)}
    assert held_until(stays) == days_ago(-14)
    with nothing_written(), pytest.raises(Conflict, match="are held already"):
        hold(stays, moderator)
    end(stays, moderator)
    for review in of_each:
        decided(review, approval(HOME))
    assert_the_record_holds()


def test_the_holds_of_merged_listings_end_together_and_the_longest_counts():
    stays, goes, moderator = reviewed_clinic(), reviewed_clinic(), account()
    hold(goes, moderator)
    holds.hold(stays["public_id"], days=2, words="Words.", moderator_id=moderator, at=NOON)
    merge(goes, into=stays)
    handed_in(stays, 6)
    before = held_until(stays)

    end(stays, moderator, words="It was a support group.")

    assert (before, held_until(stays)) == (days_ago(-14), None)
    assert [row.ended_words for row in rows(Hold)] == ["It was a support group."] * 2
    assert audit.verify().problem == ""


def test_reviews_of_merged_listings_are_one_burst():
    stays, goes = reviewed_clinic(), reviewed_clinic()
    handed_in(goes, 3)
    handed_in(stays, 2)
    merge(goes, into=stays)
    before = held_until(stays)

    handed_in(stays, 1)

    assert (before, held_until(stays)) == (None, days_ago(-14))


def test_who_has_a_review_waiting_by_a_merged_listing_does_not_hold_the_one_that_stays():
    stays, goes = reviewed_clinic(), reviewed_clinic()
    moderator, author = tied("linked to the author")
    submitted(goes, author, TOLD)
    merge(goes, into=stays)

    with nothing_written(), pytest.raises(Forbidden, match="your own review"):
        hold(stays, moderator)


def test_any_words_about_a_hold_are_kept_as_they_are_typed():
    moderator = account()
    typed = [each for each in hostile.kinds() if each.strip() and is_plain(each)]

    for words in typed:
        clinic = reviewed_clinic()
        hold(clinic, moderator, words=words)
        end(clinic, moderator, words=words)

    assert [(row.words, row.ended_words) for row in rows(Hold)] == [(each, each) for each in typed]
    assert audit.verify().problem == ""


def test_a_chain_in_which_a_hold_was_changed_is_not_whole():
    hold(reviewed_clinic(), account())

    tamper("UPDATE audit SET body = replace(body, '2026-12-05', '2026-12-04') WHERE action = 'hold'")

    assert audit.verify().problem == "entry 1 is not as it was written"


def handed_in(clinic, number, *, at=NOON, **details):
    for author in accounts(number, **details):
        submitted(clinic, author, TOLD, at=at)


def hold(clinic, by, words="Words."):
    holds.hold(clinic["public_id"], words=words, moderator_id=by, at=NOON)


def end(clinic, by, words="Words."):
    holds.end(clinic["public_id"], words=words, moderator_id=by, at=NOON)


def merge(*gone, into):
    for each in gone:
        relisted(each, "merge", "merged", target=into)


def access_of(number):
    with reading() as session:
        return access.actor(session, number)


ACTS = {"hold": hold, "end": end}


def held_until(clinic, on=TODAY):
    """Return what the public is told, having looked that moderators are told the same."""
    shown = profiles.show(clinic["public_id"], as_of=on).held_until
    with reading() as session:
        row = session.query(Clinic).filter_by(public_id=clinic["public_id"]).one()
        assert abuse.held_until(session, row.id, today=on) == shown
    return shown


def entered():
    """Return the entries of the record that are about holds."""
    found = [row for row in rows(AuditEntry) if row.action not in set(Action)]
    return [(row.action, row.actor_id, json.loads(row.body)) for row in found]
