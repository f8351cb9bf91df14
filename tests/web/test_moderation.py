import re
from dataclasses import replace
from datetime import timedelta

import pytest

from directory.domain.access import Role
from directory.domain.moderation import Reason
from directory.domain.ties import TieKind
from directory.extensions import db
from directory.models import Account, AnswerDecision, Decision, Review
from directory.services import queue, reviews
from tests.support import hostile_reviews
from tests.support.accounts import fields
from tests.support.client import Page
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    WHY,
    account,
    approval,
    changes_requested,
    decided,
    declared,
    declined,
    link,
    pages,
    reviewed_clinic,
    signs,
    status_of,
    submission,
    submitted,
    tied,
    told,
)
from tests.support.signed_in import SMUGGLED, sign_in_address, signed_in, words
from tests.support.statements import counted_statements, just_before
from tests.support.tables import row_counts, rows

pytestmark = pytest.mark.usefixtures("later_that_day")

LATER = NOON + timedelta(hours=3)
MAILED = {"at_home_use_offered": ("yes", link("We mail it."))}
SEVERAL = MAILED | {
    "cure_all_claims": ("no", *pages(NOON.date())),
    "price_published": ("yes", told("They said 400.")),
    "no_physician_on_staff": ("unknown",),
}
ACCEPT = {"at_home_use_offered-outcome": "accepted"}
ACCEPT_ALL = {f"{slug}-outcome": "accepted" for slug in ("at_home_use_offered", "cure_all_claims", "price_published")}
WORDS = {"reason": WHY["reason"].value, "words": WHY["words"]}


def test_a_moderator_sees_what_waits_how_long_and_of_whom(app):
    author = account(role=None)
    waiting = submitted(reviewed_clinic(name="Blue Teapot"), author, SEVERAL)

    page = signed_in(app, account()).get("/moderation")

    assert "1 item, the longest waiting first." in page.text
    assert f'href="/moderation/reviews/{waiting}"' in page.text
    reviewer = queue.pseudonym(rows(Account, Account.id == author)[0].public_id)
    assert f"Blue Teapot Saint Louis, MO Waiting 3 hours &nbsp;· 3 answers&nbsp;· Reviewer {reviewer}" in words(page)


def test_what_was_handed_in_just_now_waits_less_than_a_minute(app):
    submitted(reviewed_clinic(name="Blue Teapot"), account(role=None), SEVERAL, at=LATER)

    page = signed_in(app, account()).get("/moderation")

    assert "Waiting less than a minute" in words(page)


def test_an_empty_queue_says_so(app):
    assert "Nothing waits for you." in signed_in(app, account()).get("/moderation").text


def test_what_somebody_else_must_decide_is_not_listed_and_its_number_is_said(app):
    moderator, theirs = account(), reviewed_clinic(name="Tied")
    own = submitted(reviewed_clinic(), moderator, MAILED)
    of_a_tie = submitted(theirs, account(), MAILED)
    declared(moderator, theirs, TieKind.FAMILY)

    page = signed_in(app, moderator).get("/moderation")

    assert "2 more wait that somebody else must decide" in words(page)
    assert own not in page.text
    assert of_a_tie not in page.text


def test_a_long_queue_goes_on_where_it_stopped(app, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 1)
    for name in ("Blue Teapot", "Paper Kite"):
        submitted(reviewed_clinic(name=name), account(), MAILED)
    client = signed_in(app, account())

    first = client.get("/moderation")
    second = client.get(next(tag["href"] for tag in Page(first.text).all("a") if tag.get("rel") == "next"))

    assert ("Blue Teapot" in first.text, "Paper Kite" in first.text) == (True, False)
    assert ("Blue Teapot" in second.text, "Paper Kite" in second.text) == (False, True)
    assert 'rel="next"' not in second.text


def test_the_review_is_shown_with_its_evidence_and_without_a_name(app):
    author = account(role=None)
    db.session.execute(db.update(Account).where(Account.id == author).values(email="ann@example.org", email_key="k"))
    db.session.commit()
    review = submitted(reviewed_clinic(name="Blue Teapot"), author, SEVERAL)

    page = signed_in(app, account()).get(f"/moderation/reviews/{review}")

    text = words(page)
    for said in ("We mail it.", "They said 400.", "4 pages read, and nothing of the kind found there:",
                 "Says nothing for or against the clinic", "Speaks for this warning sign", "Blue Teapot"):  # fmt: skip
        assert said in text
    for hidden in ("ann@example.org", rows(Account, Account.id == author)[0].public_id):
        assert hidden not in page.text
    names = {tag.get("name") for tag in Page(page.text).tags}
    assert {"at_home_use_offered-outcome", "cure_all_claims-outcome", "price_published-outcome"} <= names
    assert "no_physician_on_staff-outcome" not in names, "there is nothing to decide on an answer that says nothing"


def test_a_reviewer_who_read_the_whole_site_is_said_to_have(app):
    filled_in = submission(reviewed_clinic(), {"cure_all_claims": ("no", *pages(NOON.date(), "/"))})
    whole = replace(filled_in, answers=(replace(filled_in.answers[0], is_whole_site_read=True),))
    review = reviews.submit(whole, author_id=account(), at=NOON)

    text = words(signed_in(app, account()).get(f"/moderation/reviews/{review}"))

    assert "1 page read, the whole site as the reviewer says:" in text


def test_an_answer_that_rests_on_a_word_alone_is_not_offered_to_be_taken_for_one(app):
    review = submitted(reviewed_clinic(), account(), SEVERAL)

    page = Page(signed_in(app, account()).get(f"/moderation/reviews/{review}").text)

    offered = [(tag["name"], tag["value"]) for tag in page.all("input") if tag.get("type") == "radio"]
    assert ("at_home_use_offered-outcome", "testimony") in offered
    assert ("price_published-outcome", "testimony") not in offered
    assert ("price_published-outcome", "dropped") in offered


def test_the_queue_stands_beside_what_is_decided(app):
    first, second = (submitted(reviewed_clinic(name=name), account(), MAILED) for name in ("First", "Second"))
    tied = account()
    declared(tied, reviewed_clinic(name="Third"), TieKind.FAMILY)
    submitted(reviewed_clinic(name="Of their own"), tied, MAILED)

    page = signed_in(app, tied).get(f"/moderation/reviews/{second}")

    beside = page.text.partition('<ul class="plain queue">')[2].partition("</ul>")[0]
    assert "Queue, 2 waiting" in page.text
    assert re.findall(r'href="/moderation/reviews/([^"]+)"( aria-current="true")?', beside) == [
        (first, ""),
        (second, ' aria-current="true"'),
    ]
    assert "Of their own" not in page.text


def test_links_of_the_evidence_lead_away_without_telling_where_from(app):
    review = submitted(reviewed_clinic(), account(), SEVERAL)

    page = Page(signed_in(app, account()).get(f"/moderation/reviews/{review}").text)

    outside = [tag for tag in page.all("a") if tag["href"].startswith("https://clinic.example/")]
    assert len(outside) == 5
    assert {tag["rel"] for tag in outside} == {"nofollow ugc noopener noreferrer"}


def test_every_word_on_ties_is_shown_the_earlier_ones_too(app):
    clinic, author = reviewed_clinic(), account(role=None)
    declared(author, clinic, TieKind.FORMER_EMPLOYEE, at=NOON.replace(year=2022))
    review = reviews.submit(submission(clinic, MAILED, tie=TieKind.PATIENT), author_id=author, at=NOON)

    text = words(signed_in(app, account()).get(f"/moderation/reviews/{review}"))

    assert "I am or was a patient there, declared 21 Nov 2026" in text
    assert "I worked there in the last three years, until 21 Nov 2025, declared 21 Nov 2022 (earlier)" in text


def test_an_approval_is_stored_with_what_was_decided_on_each_answer(app):
    review = submitted(reviewed_clinic(), account(), SEVERAL)
    client = signed_in(app, account())
    typed = ACCEPT_ALL | {
        "cure_all_claims-outcome": "dropped", "cure_all_claims-reason": "evidence_not_supporting",
        "cure_all_claims-words": "One of the pages is gone.\r\nLook again.",
        # typed before the moderator thought better of it
        "price_published-reason": "abusive", "price_published-words": "Hm.",
    }  # fmt: skip

    answer = decide(client, review, typed | {"action": "approve"})

    assert (answer.status_code, answer.location) == (303, "/moderation")
    assert status_of(review) == ("approved", AS_SUBMITTED + 1)
    assert [(each.outcome, each.reason_code, each.reason_text) for each in rows(AnswerDecision)] == [
        ("accepted", None, ""),
        ("dropped", "evidence_not_supporting", "One of the pages is gone.\nLook again."),
        ("accepted", None, ""),
        ("accepted", None, ""),
    ]
    assert signs() == "30000"
    assert "You approved the review" in client.get("/moderation").text


@pytest.mark.parametrize(
    ("action", "status", "said"),
    [("decline", "declined", "You declined"), ("request_changes", "changes_requested", "You asked the author")],
)
def test_a_review_is_sent_back_with_a_reason_whatever_was_marked_on_its_answers(app, action, status, said):
    review = submitted(reviewed_clinic(), account(), SEVERAL)
    moderator = account()
    client = signed_in(app, moderator)

    answer = decide(client, review, WORDS | {"at_home_use_offered-outcome": "dropped", "action": action})

    assert answer.status_code == 303
    assert status_of(review) == (status, AS_SUBMITTED + 1)
    stored = rows(Decision)[1]
    assert (stored.actor_id, stored.reason_code, stored.reason_text) == (moderator, WORDS["reason"], WORDS["words"])
    assert rows(AnswerDecision) == []
    assert said in client.get("/moderation").text


LONG = "x" * 1001
#: What is typed, and each sentence of the summary with the control that it leads to.
WRONG = {
    "no button": (ACCEPT, {"action": "Approve the review, ask its author for changes, or decline it."}),
    "no such button": (ACCEPT | {"action": "void"}, {"action": "Approve the review, ask"}),
    "nothing on an answer": ({"action": "approve"}, {"at_home_use_offered-outcome-0": "Accept this answer or drop"}),
    "no such outcome": (
        {"action": "approve", "at_home_use_offered-outcome": "gold"}, {"at_home_use_offered-outcome-0": "Accept this"},
    ),
    "dropped without a reason": (
        {"action": "approve", "at_home_use_offered-outcome": "dropped"},
        {"at_home_use_offered-reason": "Choose the reason", "at_home_use_offered-words": "Say in a sentence"},
    ),
    "testimony without words": (
        {"action": "approve", "at_home_use_offered-outcome": "testimony", "at_home_use_offered-reason": "abusive",
         "at_home_use_offered-words": " \r\n "},
        {"at_home_use_offered-words": "Say in a sentence"},
    ),
    "no such reason": (
        {"action": "decline", "reason": "ugly", "words": "No."}, {"reason": "Choose the reason that fits best."},
    ),
    "declined without a reason": ({"action": "decline"}, {"reason": "Choose the reason", "words": "Say in a sentence"}),
    "changes without words": (WORDS | {"action": "request_changes", "words": ""}, {"words": "Say in a sentence"}),
    "too many words": (WORDS | {"action": "decline", "words": LONG}, {"words": "Shorten the reason to 1,000"}),
    "too many words beside an approval": (ACCEPT | {"action": "approve", "words": LONG}, {"words": "Shorten"}),
    "no plain words": (WORDS | {"action": "decline", "words": "a\x00b"}, {"words": "Copy the words as plain text"}),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_missing_is_said_with_a_link_to_it_and_what_was_typed_stays(app, case):
    typed, expected = WRONG[case]
    review = submitted(reviewed_clinic(), account(), MAILED)
    client, before = signed_in(app, account()), row_counts()

    page = decide(client, review, typed)

    assert page.status_code == 422
    summary = page.text.partition('class="error-summary')[2].partition("</div>")[0]
    links = dict(re.findall(r'href="#([^"]+)">([^<]+)<', summary))
    assert set(links) == set(expected)
    assert all(sentence in links[anchor] for anchor, sentence in expected.items())
    assert set(links) <= {tag.get("id") for tag in Page(page.text).tags}
    assert kept(page) == {name: value for name, value in typed.items() if is_shown(name, value)}
    assert (row_counts(), status_of(review)) == (before, ("submitted", AS_SUBMITTED))


def test_a_thousand_characters_are_enough_however_a_browser_ends_its_lines(app):
    review = submitted(reviewed_clinic(), account(), MAILED)

    answer = decide(signed_in(app, account()), review, WORDS | {"action": "decline", "words": "x\r\n" * 499 + "xx"})

    assert answer.status_code == 303
    assert len(rows(Decision)[1].reason_text) == 1000


CHANGES = {
    "somebody decided": lambda review, _: decided(review, declined()),
    "its author took it back": lambda review, author: reviews.withdraw(
        review, author_id=author, seen_version=AS_SUBMITTED, at=NOON
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("when", ["before", "while it is decided"])
def test_a_review_that_changed_meanwhile_is_not_decided_and_nothing_typed_is_lost(app, change, when):
    author = account(role=None)
    review = submitted(reviewed_clinic(), author, MAILED)
    client = signed_in(app, account())
    page = client.get(f"/moderation/reviews/{review}")
    typed = {"at_home_use_offered-outcome": "dropped", "at_home_use_offered-reason": "abusive",
             "at_home_use_offered-words": "Leave the insult out.", "action": "approve"}  # fmt: skip
    if when == "before":
        CHANGES[change](review, author)
        answer = decide(client, review, typed, page=page)
    else:
        # Between the look at the review and the transaction that decides on it.
        with just_before("FROM evidence JOIN answer", lambda: CHANGES[change](review, author)):
            answer = decide(client, review, typed, page=page)
    after = row_counts()

    assert answer.status_code == 409
    text = words(answer)
    assert "This review has changed since you opened it." in text
    assert "Waiting for a decision" not in text
    for said in ("Drop", "It insults or threatens", "Leave the insult out.", "Approve"):
        assert said in text
    assert f'href="/moderation/reviews/{review}"' in answer.text
    assert client.get(f"/moderation/reviews/{review}").status_code == 200
    assert (after["answer_decision"], rows(Review)[0].version) == (0, AS_SUBMITTED + 1)


@pytest.mark.parametrize("version", ["1", "3", "", "x", "9" * 400, "²"])
def test_a_form_of_another_version_decides_nothing(app, version):
    review = submitted(reviewed_clinic(), account(), MAILED)

    answer = decide(signed_in(app, account()), review, ACCEPT | {"action": "approve", "version": version})

    assert answer.status_code == 409
    assert "As it stands now: Waiting for a decision." in words(answer)
    assert status_of(review) == ("submitted", AS_SUBMITTED)


@pytest.mark.security(29)
def test_a_review_that_does_not_wait_can_be_read_and_not_decided(app):
    review = submitted(reviewed_clinic(), account(), MAILED)
    decided(review, approval(*MAILED))
    client = signed_in(app, account())

    page = client.get(f"/moderation/reviews/{review}")
    answer = decide(
        client, review, WORDS | {"action": "decline", "version": AS_SUBMITTED + 1}, page=client.get("/moderation")
    )

    assert "Approved" in words(page)
    assert "Accepted." in words(page)
    assert "Approve as marked" not in page.text
    assert answer.status_code == 409
    assert status_of(review) == ("approved", AS_SUBMITTED + 1)


def test_what_was_decided_before_is_shown_beside_the_review(app):
    review = submitted(reviewed_clinic(), account(), MAILED)
    decided(review, changes_requested())

    text = words(signed_in(app, account()).get(f"/moderation/reviews/{review}"))

    assert "With its author, who was asked for changes" in text
    assert f"Changes asked for. The evidence does not show what the answer says: {WHY['words']}" in text


@pytest.mark.security(27)
@pytest.mark.parametrize("tie", ["author", "linked to the author", "linked to the same"])
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_nobody_opens_or_decides_their_own(app, tie, role):
    moderator, author = tied(tie)
    db.session.execute(db.text("UPDATE account_role SET name = :role"), {"role": role.value})
    db.session.commit()
    review = submitted(reviewed_clinic(), author, MAILED)
    client = signed_in(app, moderator)

    shown = client.get(f"/moderation/reviews/{review}")
    answer = decide(client, review, ACCEPT | {"action": "approve"}, page=client.get("/moderation"))

    assert (shown.status_code, answer.status_code) == (403, 403)
    assert "You cannot decide on your own review" in words(shown)
    assert status_of(review) == ("submitted", AS_SUBMITTED)


@pytest.mark.security(27)
@pytest.mark.parametrize("kind", [kind for kind in TieKind if kind is not TieKind.NONE])
def test_a_review_of_a_clinic_one_is_tied_to_is_not_there(app, kind):
    moderator, clinic = account(), reviewed_clinic()
    review = submitted(clinic, account(), MAILED)
    declared(moderator, clinic, kind)
    client = signed_in(app, moderator)

    shown = client.get(f"/moderation/reviews/{review}")
    answer = decide(client, review, ACCEPT | {"action": "approve"}, page=client.get("/moderation"))

    assert (shown.status_code, answer.status_code) == (404, 404)
    assert status_of(review) == ("submitted", AS_SUBMITTED)


@pytest.mark.security(28)
def test_who_lost_the_role_is_refused_by_the_very_next_request(app):
    moderator = account()
    review = submitted(reviewed_clinic(), account(), MAILED)
    client = signed_in(app, moderator)
    page = client.get(f"/moderation/reviews/{review}")
    db.session.execute(db.text("DELETE FROM account_role WHERE account_id = :id"), {"id": moderator})
    db.session.commit()

    answers = [decide(client, review, ACCEPT | {"action": "approve"}, page=page), client.get("/moderation")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "Your account cannot do this" in answers[1].text
    assert '<a class="btn btn-quiet" href="/reviews">Your reviews</a>' in answers[1].text
    assert status_of(review) == ("submitted", AS_SUBMITTED)


@pytest.mark.security(26)
def test_the_form_changes_nothing_but_what_it_decides(app):
    review = submitted(reviewed_clinic(), account(role=None), MAILED)
    moderator = account()
    before = rows(Review)[0]
    smuggled = SMUGGLED | {"moderator_id": "1", "actor_id": "1", "answers": "x", "at_home_use_offered-tier": "3"}

    decide(signed_in(app, moderator), review, ACCEPT | {"action": "approve"} | smuggled)

    after, decision = rows(Review)[0], rows(Decision)[1]
    kept_columns = ("author_id", "clinic_id", "public_id", "created_at", "submitted_at", "idempotency_key")
    assert [getattr(after, name) for name in kept_columns] == [getattr(before, name) for name in kept_columns]
    assert (after.status, after.version) == ("approved", AS_SUBMITTED + 1)
    assert (decision.actor_id, decision.at.hour) == (moderator, LATER.hour)
    assert {role.name for role in db.session.scalars(db.select(Account)).all()[0].roles} == set()


def test_a_form_of_somebody_whose_session_ended_is_given_back(app):
    moderator = account()
    review = submitted(reviewed_clinic(), account(), MAILED)
    client = signed_in(app, moderator)
    page = client.get(f"/moderation/reviews/{review}")
    db.session.execute(db.text("UPDATE account_session SET revoked_at = created_at"))
    db.session.commit()

    answer = decide(client, review, WORDS | {"action": "decline"}, page=page)

    assert answer.status_code == 401
    assert WHY["words"] in answer.text
    assert sign_in_address(app) in [tag.get("href") for tag in Page(answer.text).all("a")]
    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_somebody_who_typed_nothing_and_is_not_signed_in_is_led_to_sign_in(app, client):
    review = submitted(reviewed_clinic(), account(), MAILED)
    token = fields(client.get(sign_in_address(app)))

    answer = client.post(f"/moderation/reviews/{review}", data=token | {"version": AS_SUBMITTED})

    assert (answer.status_code, answer.location) == (303, sign_in_address(app))


def test_the_pages_take_the_same_statements_whatever_they_hold(app):
    small, large = (submitted(reviewed_clinic(), account(), answers) for answers in (MAILED, SEVERAL))
    client = signed_in(app, account())

    taken = []
    for address in (f"/moderation/reviews/{small}", f"/moderation/reviews/{large}", "/moderation"):
        with counted_statements() as statements:
            client.get(address)
        taken.append(len(statements))

    # Two tell who is signed in.
    # Three find the queue beside it.
    assert taken == [18, 18, 6]


def test_words_that_another_person_used_are_named_with_a_link_to_the_answer(app):
    slug, *_ = MAILED
    submitted(reviewed_clinic(), account(), MAILED)
    alike = submitted(reviewed_clinic(), account(), MAILED)
    alone = submitted(reviewed_clinic(), account(), {slug: ("yes", link("Words of its own."))})
    client = signed_in(app, account())

    pages = [client.get(f"/moderation/reviews/{review}").text for review in (alike, alone)]

    assert ["The same words stand in another person’s review" in page for page in pages] == [True, False]
    assert f'<a href="#answer-{slug}">' in pages[0].split("The same words stand")[1].split("</p>")[0]


@pytest.mark.security(30)
def test_what_people_wrote_is_text_for_moderators_whatever_stands_in_it(app):
    found = []
    author, other = account(role=None), account()
    client = signed_in(app, account())
    empty = client.get("/moderation")

    for batch in hostile_reviews.batches():
        review = submitted(reviewed_clinic(), author, hostile_reviews.answers(batch))
        address = f"/moderation/reviews/{review}"
        typed = {f"{slug}-outcome": "dropped" for slug in hostile_reviews.SLUGS} | {
            f"{slug}-words": words for slug, words in zip(hostile_reviews.SLUGS, batch, strict=True)
        }  # fmt: skip
        wrong = decide(client, review, typed | {"action": "approve", "words": batch[0]}, page=empty)
        decided(review, hostile_reviews.approval(batch), moderator=other)
        late = decide(client, review, typed | {"action": "approve", "words": batch[0]}, page=wrong)
        assert (wrong.status_code, late.status_code) == (422, 409)
        found.append([Page(source) for source in (wrong.text, client.get(address).text, late.text)])

    assert len(found) > 9
    for read in found:
        assert not any(page.inline() for page in read)
        assert [hostile_reviews.shape(page) for page in read] == [hostile_reviews.shape(page) for page in found[0]]


def decide(client, review, typed, *, page=None):
    """Send the form of a review as it was on `page`, or as it is now."""
    page = page or client.get(f"/moderation/reviews/{review}")
    version = [tag["value"] for tag in Page(page.text).all("input") if tag.get("name") == "version"]
    seen = {"version": version[0] if version else AS_SUBMITTED}
    return client.post(f"/moderation/reviews/{review}", data=fields(page) | seen | typed)


def kept(page):
    """Return what stands in the fields of a form: radios that are chosen, options that are, and words."""
    found = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\s*([^<]*?)\s*</textarea>', page.text))
    for tag in Page(page.text).all("input"):
        if tag.get("type") == "radio" and "checked" in tag:
            found[tag["name"]] = tag["value"]
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page.text, re.DOTALL):
        found |= dict.fromkeys([name], "".join(re.findall(r'<option[^>]* selected value="([^"]*)"', options)))
    return {name: value for name, value in found.items() if value}


def is_shown(name, value):
    """Whether a field shows what was sent: not the button that was pressed, nor what it does not offer."""
    offered = name.endswith("words") or value in {*Reason, "accepted", "testimony", "dropped"}
    return name != "action" and bool(value.strip()) and offered


@pytest.fixture
def later_that_day(monkeypatch):
    """Let the pages be of three hours after everything was handed in."""
    for module in ("moderation", "moderation_queue"):
        monkeypatch.setattr(f"directory.web.{module}.now", lambda: LATER)
