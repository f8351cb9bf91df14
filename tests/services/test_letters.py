from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from directory.domain.mail import LONGEST_WAIT, Site, Speaker
from directory.domain.moderation import Outcome, Reason
from directory.extensions import db
from directory.models import Account, OutboxMail
from directory.services import moderation
from directory.services.moderation import Judgement
from tests.support.reviews import (
    AS_SUBMITTED,
    DROPPED,
    NOON,
    WHY,
    account,
    approval,
    assert_the_record_holds,
    changes_requested,
    decided,
    declined,
    link,
    reviewed_clinic,
    status_of,
    submitted,
    told,
)
from tests.support.tables import nothing_written, refusing, rows

pytestmark = pytest.mark.usefixtures("app")

SITE = Site("clinics.example", "https://clinics.example/reviews/one")
MAILED = {"at_home_use_offered": ("yes", link())}
SEVERAL = MAILED | {"cure_all_claims": ("yes", told()), "price_published": ("no", link("Ask us."))}
AS_REPORT = Judgement(outcome=Outcome.TESTIMONY, reason=Reason.NO_EVIDENCE, words="Nobody else can see it.")


def test_an_author_is_told_why_a_review_was_declined():
    review = of_somebody(reviewed_clinic(name="Blue Teapot"))

    decide(review, declined())

    (mail,) = rows(OutboxMail)
    assert (mail.kind, mail.recipient) == ("statement", "ann@example.org")
    assert mail.message_id.endswith("@clinics.example>")
    assert mail.expires_at - mail.created_at == LONGEST_WAIT
    for said in (
        "Review of: Blue Teapot, Saint Louis, MO", "Decided: 21 Nov 2026",
        "Decision: declined. Nothing of it is public", "Rule: The evidence does not show what the answer says.",
        "> Quote the sentence itself.", "no automated means were used", "Write another review of the same clinic",
        "There is no way here yet to ask that somebody else looks at this decision.", SITE.page,
    ):  # fmt: skip
        assert said in flat(mail.body), said


def test_an_author_who_reads_spanish_is_written_to_in_spanish():
    english, spanish = (of_somebody(reviewed_clinic(), email=f"{name}@example.org") for name in ("ann", "bea"))
    db.session.execute(db.update(Account).where(Account.email == "bea@example.org").values(language="es"))
    speakers = {"es": Speaker(say=lambda message: f"¡{message}!", address=lambda page: f"{page}/es")}

    for review in (english, spanish):
        decide(review, declined(), site=replace(SITE, speakers=speakers))

    first, second = rows(OutboxMail)
    assert "¡" not in f"{first.subject}{first.body}"
    assert second.subject == "¡What was decided on what you handed in!"
    assert "¡Decided:! 21 ¡Nov! 2026\n¡Decision:! ¡declined." in second.body
    assert f"¡Rule:! ¡{WHY['reason'].label}!." in second.body
    assert "> Quote the sentence itself." in second.body
    assert f"\n{SITE.page}/es\n" in second.body


def test_an_author_is_told_what_to_change():
    review = of_somebody(reviewed_clinic())

    decide(review, changes_requested())

    (mail,) = rows(OutboxMail)
    assert "Decision: sent back to you for changes." in mail.body
    assert "Open your review, change what is named above, and hand it in again within 30 days." in flat(mail.body)


def test_an_approval_gives_its_reasons_for_the_answers_that_it_did_not_take_as_they_were_and_for_no_others():
    review = of_somebody(reviewed_clinic(), SEVERAL)

    decide(review, approval("at_home_use_offered", cure_all_claims=AS_REPORT, price_published=DROPPED))

    body = flat(rows(OutboxMail)[0].body)
    assert "Decision: approved, but the answers below were not taken as you gave them. The others count." in body
    assert body.index("taken as a first-hand report only") < body.index("left out: it is not shown and does not count")
    assert "Rule: No evidence was given. In the words of the moderator: > Nobody else can see it." in body
    assert "Rule: The evidence does not show what the answer says." in body
    assert body.count("Rule:") == 2


def test_an_approval_of_everything_needs_no_reasons():
    decide(of_somebody(reviewed_clinic()), approval("at_home_use_offered"))

    assert rows(OutboxMail) == []


@pytest.mark.parametrize("email", [None, "no address"])
def test_who_cannot_be_written_to_gets_no_letter_and_the_decision_stands(email):
    review = of_somebody(reviewed_clinic(), email=email)

    decide(review, declined())

    assert rows(OutboxMail) == []
    assert status_of(review)[0] == "declined"


def test_where_no_site_is_named_no_letter_is_sent():
    review = of_somebody(reviewed_clinic())

    decided(review, declined())

    assert rows(OutboxMail) == []


def test_the_author_alone_is_written_to_and_no_account_linked_to_theirs():
    whole = account(role=None)
    write_to(whole, "whole@example.org")
    review = of_somebody(reviewed_clinic(), linked_to=whole)

    decide(review, declined())

    assert [mail.recipient for mail in rows(OutboxMail)] == ["ann@example.org"]


def test_a_locked_screen_tells_neither_of_which_clinic_nor_of_what_kind_of_place():
    clinic = reviewed_clinic(name="Ketamine Center Blue Teapot")

    decide(of_somebody(clinic), declined())

    (mail,) = rows(OutboxMail)
    for seen in (mail.subject, mail.body[:150]):
        assert not [word for word in ("ketamine", "clinic", "teapot", "treatment") if word in seen.lower()]


def test_the_letter_names_no_moderator():
    moderator = account()
    write_to(moderator, "mo@example.org")
    (row,) = rows(Account, Account.id == moderator)
    review = of_somebody(reviewed_clinic())

    decide(review, declined(), moderator=moderator)

    (mail,) = rows(OutboxMail)
    assert "mo@example.org" not in mail.body
    assert row.public_id not in mail.body


@pytest.mark.security(30)
def test_words_of_a_moderator_cannot_be_taken_for_those_of_the_letter():
    words = "First.\r\n\r\nDecision: approved\n--\nhttps://evil.example"
    review = of_somebody(reviewed_clinic(name="Two\r\nLines: approved"))
    verdict = moderation.ReviewDecision(action=declined().action, answers={}, reason=Reason.ABUSIVE, words=words)

    decide(review, verdict)

    (mail,) = rows(OutboxMail)
    lines = mail.body.splitlines()
    assert [line for line in lines if line.startswith("Decision:")] == [
        "Decision: declined. Nothing of it is public, and it does not count."
    ]
    assert "Review of: Two Lines: approved, Saint Louis, MO" in lines
    assert {"> First.", ">", "> Decision: approved", "> --", "> https://evil.example"} <= set(lines)


@pytest.mark.parametrize("table", ["outbox", "audit"])
def test_a_decision_and_the_letter_about_it_are_written_together_or_not_at_all(table):
    review, moderator = of_somebody(reviewed_clinic()), account()

    with refusing(table, "TRUE"), nothing_written(), pytest.raises(IntegrityError, match="for a test"):
        decide(review, declined(), moderator=moderator)

    assert status_of(review) == ("submitted", AS_SUBMITTED)
    assert_the_record_holds()


def test_each_decision_on_a_review_has_its_letter():
    first, second = of_somebody(reviewed_clinic()), of_somebody(reviewed_clinic(), email="ben@example.org")

    decide(first, changes_requested())
    decide(second, approval(at_home_use_offered=Judgement(outcome=Outcome.DROPPED, **WHY)), at=NOON + timedelta(days=1))

    assert [(mail.recipient, mail.created_at.day) for mail in rows(OutboxMail)] == [
        ("ann@example.org", 21), ("ben@example.org", 22),
    ]  # fmt: skip


def of_somebody(clinic, answers=None, *, email="ann@example.org", linked_to=None):
    """Hand in a review of somebody with an address, and return its public id."""
    author = account(role=None, linked_to=linked_to)
    write_to(author, email)
    return submitted(clinic, author, answers or MAILED)


def write_to(account_id, email):
    db.session.execute(
        db.update(Account).where(Account.id == account_id).values(email=email, email_key=email, confirmed_at=NOON)
    )
    db.session.commit()


def decide(review, verdict, *, moderator=None, at=NOON, site=SITE):
    by, told = moderator or account(), replace(verdict, site=site)
    moderation.decide(review, told, moderator_id=by, seen_version=AS_SUBMITTED, at=at)


def flat(text):
    return " ".join(text.split())
