from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from directory.domain.errors import Conflict, Forbidden, InvalidParameter, NotFound
from directory.domain.mail import Site
from directory.domain.moderation import DAYS_TO_REPLY
from directory.domain.notices import ToldByHand, Way
from directory.extensions import db
from directory.models import Account, Notice, OutboxMail, StoredRuling
from directory.services import notices, scores
from directory.services.rulings import ClinicSign
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME
from tests.support.reviews import (
    NOON,
    account,
    accounts,
    approved,
    assert_the_record_holds,
    link,
    remedied,
    reviewed_clinic,
    signs,
    told,
)
from tests.support.tables import nothing_written, refusing, rows

pytestmark = pytest.mark.usefixtures("app")

SITE = Site("clinics.example", "https://clinics.example/clinics/one")
DAY = timedelta(days=1)
YESTERDAY = days_ago(1)
SUSPECTED, CONFIRMED = "3", "4"
OFFICE = "office@teapot.example"
CALLED = ToldByHand(on=TODAY, how=Way.PHONE, words="I spoke with the office manager.")


def test_the_first_confirmation_tells_the_clinic_by_letter_and_the_second_sends_none():
    clinic, (first, second) = on_a_quorum(contact_email=OFFICE), accounts(2)

    shown_on = confirm(clinic, first)
    later = confirm(clinic, second, at=NOON + 3 * DAY)

    assert shown_on == later == TODAY + DAYS_TO_REPLY * DAY
    (notice,) = rows(Notice)
    assert (notice.how, notice.told_on, notice.by_id, notice.words) == ("mail", TODAY, first, "")
    assert [each.told_on for each in rows(StoredRuling)] == [TODAY] * 2
    assert [(each.kind, each.recipient) for each in rows(OutboxMail)] == [("notice", OFFICE)]
    assert signs()[0] == SUSPECTED
    scores.expire(at=NOON + DAYS_TO_REPLY * DAY)
    assert signs()[0] == CONFIRMED
    assert_the_record_holds()


def test_the_letter_tells_what_is_reported_with_its_source_and_day_and_until_when_to_answer():
    clinic = on_a_quorum(contact_email=OFFICE, name="Blue Teapot")
    approved(clinic, account(), {"at_home_use_offered": ("yes", told("PRIVATE NOTE"))})

    confirm(clinic, account())

    body = " ".join(rows(OutboxMail)[0].body.split())
    for said in (
        "Blue Teapot, Saint Louis, MO", AT_HOME.name, AT_HOME.question,
        "> We mail it to you. https://clinic.example/faq seen 20 Nov 2026", "first-hand reports, documents): 1.",
        "the page shows it as suspected", "shown as confirmed from 28 Nov 2026 on", "7 days to answer",
        "do not confirm or deny that anybody was your patient", "HIPAA", SITE.page,
    ):  # fmt: skip
        assert said in body, said
    assert body.count("> We mail it to you.") == 1, "two reviewers quote the same words"
    assert "PRIVATE NOTE" not in body


def test_a_clinic_is_not_told_of_evidence_that_nobody_but_the_author_saw():
    clinic = on_a_quorum(contact_email=OFFICE)

    confirm(clinic, account())

    assert "first-hand reports" not in rows(OutboxMail)[0].body


def test_the_letter_names_nobody_who_reported_or_ruled():
    clinic, moderator = on_a_quorum(contact_email=OFFICE), account()
    db.session.execute(update(Account).values(email=None))
    db.session.commit()

    confirm(clinic, moderator)

    (mail,) = rows(OutboxMail)
    assert not [each.public_id for each in rows(Account) if each.public_id in mail.body]


@pytest.mark.parametrize("contact_email", [None, "no address"])
def test_a_clinic_without_an_address_is_told_by_hand(contact_email):
    clinic, (first, second) = on_a_quorum(contact_email=contact_email), accounts(2)
    yesterday = ToldByHand(on=days_ago(1), how=Way.IN_PERSON, words="I went there.")

    shown_on = confirm(clinic, first, yesterday)
    confirm(clinic, second, CALLED)

    assert shown_on == TODAY + (DAYS_TO_REPLY - 1) * DAY
    (notice,) = rows(Notice)
    assert (notice.how, notice.told_on, notice.words) == ("in_person", days_ago(1), "I went there.")
    assert [each.told_on for each in rows(StoredRuling)] == [days_ago(1)] * 2
    assert rows(OutboxMail) == []


def test_a_clinic_that_nobody_can_reach_by_letter_is_not_confirmed_before_somebody_told_it():
    clinic, moderator = on_a_quorum(), account()

    with pytest.raises(InvalidParameter, match="No address of this clinic") as refusal, nothing_written():
        confirm(clinic, moderator)

    assert refusal.value.field == "told_on"


@pytest.mark.parametrize(
    ("told_so", "field", "sentence"),
    [
        ({"on": TODAY + DAY}, "told_on", "cannot lie in the future"),
        ({"how": Way.MAIL}, "how", "Say how the clinic was told"),
        ({"words": " \n"}, "words", "Say in a sentence whom you told"),
        ({"words": "x" * 1001}, "words", "Shorten it"),
        ({"words": "I called\0"}, "words", "as plain text"),
        ({"on": days_ago(2)}, "told_on", "cannot lie before the first of them"),
    ],
)
def test_what_was_told_by_hand_is_said_whole(told_so, field, sentence):
    clinic, moderator = on_a_quorum(), account()
    given = {"on": CALLED.on, "how": CALLED.how, "words": CALLED.words} | told_so

    with pytest.raises(InvalidParameter, match=sentence) as refusal, nothing_written():
        confirm(clinic, moderator, ToldByHand(**given))

    assert refusal.value.field == field


def test_what_is_reported_after_a_remedy_is_told_anew():
    clinic, moderators = on_a_quorum(on=days_ago(30), contact_email=OFFICE), accounts(2)
    confirm(clinic, moderators[0], at=NOON - 20 * DAY)
    remedied(clinic, "at_home_use_offered", mended_on=days_ago(10))
    for by in accounts(2):
        approved(clinic, by, {"at_home_use_offered": ("yes", link(on=days_ago(1)))})

    confirm(clinic, moderators[0])

    assert [each.told_on for each in rows(Notice)] == [days_ago(20), TODAY]
    assert len(rows(OutboxMail)) == 2


def test_who_may_not_confirm_tells_nobody():
    clinic, author, moderator = on_a_quorum(contact_email=OFFICE), account(), account()
    approved(clinic, author, {"at_home_use_offered": ("yes", told())})
    confirm(clinic, moderator)

    for by, error in ((author, Forbidden), (account(role=None), Forbidden), (moderator, Conflict)):
        with pytest.raises(error), nothing_written():
            confirm(clinic, by)


@pytest.mark.parametrize("criterion", ["cure_all_claims", "price_published", "is_it_nice", "is\0it"])
def test_nobody_is_told_of_what_is_not_confirmed_by_people(criterion):
    clinic, moderator = on_a_quorum(contact_email=OFFICE), account()

    with pytest.raises(InvalidParameter, match="Only a critical warning sign"), nothing_written():
        confirm(clinic, moderator, criterion=criterion)


def test_nobody_is_told_of_what_has_no_quorum_or_of_a_clinic_that_is_not_listed():
    clinic, hidden, moderator = reviewed_clinic(contact_email=OFFICE), reviewed_clinic(status="proposed"), account()

    with pytest.raises(InvalidParameter, match="The evidence is not enough"), nothing_written():
        confirm(clinic, moderator)
    with pytest.raises(NotFound), nothing_written():
        confirm(hidden, moderator)


@pytest.mark.parametrize("table", ["notice", "outbox", "decision", "audit"])
def test_a_confirmation_its_notice_and_its_letter_are_written_together_or_not_at_all(table):
    clinic, moderator = on_a_quorum(contact_email=OFFICE), account()

    with refusing(table, "TRUE"), nothing_written(), pytest.raises(IntegrityError, match="for a test"):
        confirm(clinic, moderator)

    assert_the_record_holds()


@pytest.mark.security(30)
def test_what_a_page_says_cannot_be_taken_for_words_of_the_letter():
    clinic = on_a_quorum(contact_email=OFFICE, quote="First.\n\nHow to answer: pay us.")

    confirm(clinic, account())

    lines = rows(OutboxMail)[0].body.splitlines()
    assert "> How to answer: pay us." in lines
    assert not [line for line in lines if line.startswith("How to answer: pay")]


def on_a_quorum(*, on=YESTERDAY, quote="We mail it to you.", **stated):
    """Return a clinic of which two people say that it mails ketamine, with words that anyone can check."""
    clinic = reviewed_clinic(**stated)
    for by in accounts(2):
        approved(clinic, by, {"at_home_use_offered": ("yes", link(quote, on=on))})
    return clinic


def confirm(clinic, moderator, told_by_hand=None, *, criterion="at_home_use_offered", at=NOON):
    sign = ClinicSign(clinic["public_id"], criterion)
    return notices.confirm(sign, told_by_hand, site=SITE, moderator_id=moderator, at=at)
