import re
from datetime import timedelta

import pytest

from directory.domain.access import Role
from directory.domain.moderation import Reason, ReviewStatus
from directory.models import Decision, Recheck, Review
from directory.services import claims
from directory.web.moderation_queue import FOR_SEVERAL
from directory.web.reason_words import WORDS
from tests.support.accounts import fields
from tests.support.answers import days_ago
from tests.support.client import Page
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    account,
    accounts,
    approved,
    changes_requested,
    decided,
    declined,
    link,
    pages,
    reviewed_clinic,
    status_of,
    submitted,
    told,
)
from tests.support.signed_in import signed_in, words
from tests.support.tables import row_counts, rows

pytestmark = pytest.mark.usefixtures("at_noon")

MAILED = {"at_home_use_offered": ("yes", link("We mail it."))}
SEVERAL = MAILED | {"cure_all_claims": ("no", *pages(NOON.date())), "price_published": ("yes", told("They said 400."))}
SPAM = {"reason": "abusive", "words": "Leave the insults out."}


def test_the_next_item_is_claimed_and_opened(app):
    later, first = waiting(at=minutes(1)), waiting()
    mo = account()
    client = signed_in(app, mo)

    answers = [send(client, "/moderation/next") for _ in range(2)]

    assert [answer.location for answer in answers] == [f"/moderation/reviews/{each}" for each in (first, later)]
    assert [row.claimed_by_id for row in rows(Review)] == [mo, mo]
    assert "Yours until 12:30 UTC, 15 minutes left" in words(client.get(answers[0].location))


def test_the_next_item_from_a_review_leaves_that_one_to_others(app):
    first, second = waiting(), waiting(at=minutes(1))
    client = signed_in(app, account())
    opened = client.get(send(client, "/moderation/next").location)
    assert f'name="after" value="{first}"' in opened.text

    answer = send(client, "/moderation/next", {"after": first})

    assert answer.location == f"/moderation/reviews/{second}"
    assert [row.claimed_by_id is None for row in sorted(rows(Review), key=lambda row: row.id)] == [True, False]


def test_where_nothing_is_left_the_queue_says_so(app):
    client = signed_in(app, account())

    answer = send(client, "/moderation/next")

    assert answer.location == "/moderation"
    assert "Nothing else waits for you that nobody has open." in client.get("/moderation").text


@pytest.mark.parametrize(("act", "until"), [("claim", "12:30"), ("renew", "12:30")])
def test_a_claim_or_its_renewal_keeps_all_that_was_typed(app, act, until):
    review, mo = waiting(), account()
    client = signed_in(app, mo)
    if act == "renew":
        claims.claim(review, moderator_id=mo, at=minutes(5))
    typed = {
        "at_home_use_offered-outcome": "dropped", "at_home_use_offered-words": "Not this.", "reason": "abusive",
        "at_home_use_offered-seen": "y", "action": act,
    }  # fmt: skip

    page = decide(client, review, typed)

    assert page.status_code == 200
    assert f"Yours until {until} UTC" in words(page)
    assert "Not this." in page.text
    chosen = [tag["value"] for tag in Page(page.text).all("input") if "checked" in tag and tag["type"] == "radio"]
    assert chosen == ["dropped"]
    assert 'selected value="abusive"' in page.text
    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_a_review_is_given_back(app):
    review, mo = waiting(), account()
    claims.claim(review, moderator_id=mo, at=NOON)
    client = signed_in(app, mo)

    answer = decide(client, review, {"action": "release"})

    assert answer.location == "/moderation"
    assert rows(Review)[0].claimed_by_id is None
    assert "You gave the review of" in client.get("/moderation").text


@pytest.mark.security(29)
@pytest.mark.parametrize("act", ["claim", "renew", "approve", "decline"])
def test_what_another_has_open_is_neither_claimed_nor_decided_and_nothing_typed_is_lost(app, act):
    review, mo, other = waiting(), *accounts(2)
    client = signed_in(app, mo)
    page = client.get(f"/moderation/reviews/{review}")
    claims.claim(review, moderator_id=other, at=minutes(10))
    typed = {"at_home_use_offered-outcome": "accepted", "reason": "abusive", "words": "Be kind."}

    answer = decide(client, review, typed | {"action": act}, page=page)

    assert answer.status_code == 409
    said = "Your claim has run out." if act == "renew" else "Another moderator has this review open until 12:25 UTC."
    assert said in words(answer)
    assert "Be kind." in answer.text
    assert status_of(review) == ("submitted", AS_SUBMITTED)
    assert "Another moderator has this review open until 12:25 UTC" in words(
        client.get(f"/moderation/reviews/{review}")
    )
    assert "Another moderator has it open until 12:25 UTC" in words(client.get("/moderation"))


def test_a_review_can_be_asked_whether_it_changed(app):
    review = waiting()
    client = signed_in(app, account())

    before = client.get(f"/moderation/reviews/{review}/state").json
    decided(review, declined())
    after = client.get(f"/moderation/reviews/{review}/state").json

    assert before == {"version": AS_SUBMITTED, "is_waiting": True}
    assert after == {"version": AS_SUBMITTED + 1, "is_waiting": False}


def test_what_is_published_stands_beside_the_new_answer(app):
    clinic, author = reviewed_clinic(), account()
    approved(clinic, account(), {"at_home_use_offered": ("no", told())})
    approved(clinic, author, MAILED)
    review = submitted(clinic, author, SEVERAL)

    text = words(signed_in(app, account()).get(f"/moderation/reviews/{review}"))

    both = text.partition("Published now")[2].partition("In this review")[0]
    assert both.count("seen 21 Nov 2026") == 2
    assert both.count("(by this reviewer: the new answer takes its place)") == 1
    assert "Published now Nothing yet In this review" in text


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_a_preview_shows_the_score_before_and_after_keeps_what_was_typed_and_writes_nothing(app, role):
    review = waiting(SEVERAL)
    client, before = signed_in(app, account(role=role)), row_counts()
    typed = {
        "at_home_use_offered-outcome": "accepted", "at_home_use_offered-seen": "y", "action": "preview",
        "cure_all_claims-outcome": "dropped", "words": "To myself.",
    }  # fmt: skip

    page = decide(client, review, typed)

    assert page.status_code == 200
    text = words(page)
    assert "Computed with 1 answer accepted, 0 as first-hand reports, 1 dropped, 1 not marked yet, and left out" in text
    assert "At home Unknown" in text.partition("Now")[2].partition("Afterwards")[0]
    assert "At home Suspected" in text.partition("Afterwards")[2]
    assert text.count("Score: no number yet") == 2
    assert "To myself." in page.text
    assert (row_counts(), status_of(review)) == (before, ("submitted", AS_SUBMITTED))


def test_the_page_offers_the_preview_before_anything_was_marked(app):
    page = signed_in(app, account()).get(f"/moderation/reviews/{waiting()}")

    assert "Show what this would do" in page.text
    assert "Afterwards" not in page.text


def test_who_opened_the_source_enters_a_re_check_with_the_approval(app):
    review, mo = waiting(SEVERAL), account()
    client = signed_in(app, mo)
    typed = {f"{slug}-outcome": "accepted" for slug in SEVERAL} | {
        "at_home_use_offered-seen": "y", "cure_all_claims-seen": "y", "price_published-seen": "y", "action": "approve",
    }  # fmt: skip

    answer = decide(client, review, typed)

    assert answer.status_code == 303
    assert [(row.by_id, row.has_seen) for row in rows(Recheck)] == [(mo, True)] * 2
    assert [row.action for row in rows(Decision)] == ["submit", "approve", "recheck", "recheck"]


@pytest.mark.parametrize("outcome", ["dropped", "testimony"])
def test_the_tick_counts_for_nothing_beside_an_answer_that_is_not_accepted_as_it_stands(app, outcome):
    review = waiting()
    typed = {
        "at_home_use_offered-outcome": outcome, "at_home_use_offered-reason": "no_evidence",
        "at_home_use_offered-words": "Not there.", "at_home_use_offered-seen": "y", "action": "approve",
    }  # fmt: skip

    assert decide(signed_in(app, account()), review, typed).status_code == 303

    assert (status_of(review)[0], rows(Recheck)) == ("approved", [])


def test_only_what_anyone_can_check_has_the_tick_and_it_says_what_was_looked_at(app):
    page = signed_in(app, account()).get(f"/moderation/reviews/{waiting(SEVERAL)}")

    ticks = [tag["name"] for tag in Page(page.text).all("input") if tag.get("type") == "checkbox" and "name" in tag]
    assert ticks == ["at_home_use_offered-seen", "cure_all_claims-seen"]
    assert words(page).count("I opened the source myself and saw the quote") == 1
    assert words(page).count("I read these pages myself and found nothing of the kind") == 1


@pytest.mark.parametrize("reason", Reason)
def test_the_usual_words_are_put_where_a_reason_stands_without_words(app, reason):
    review = waiting()
    typed = {"reason": reason.value, "at_home_use_offered-reason": reason.value, "action": "words"}

    page = decide(signed_in(app, account()), review, typed)

    assert page.status_code == 200
    assert typed_words(page) == list(WORDS[reason])
    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_what_somebody_typed_is_not_written_over_by_the_usual_words(app):
    typed = {"reason": "abusive", "words": "My own.", "at_home_use_offered-reason": "", "action": "words"}

    page = decide(signed_in(app, account()), waiting(), typed)

    assert typed_words(page) == ["", "My own."]


def test_what_waits_longer_than_was_promised_is_marked_and_can_be_asked_for(app):
    seen_before = {"at_home_use_offered": ("yes", link(on=days_ago(20)))}
    waiting(seen_before, name="Patient", at=NOON - timedelta(days=15))
    waiting(name="Fresh")
    client = signed_in(app, account())

    everything, overdue = client.get("/moderation"), client.get("/moderation?age=over")

    assert words(everything).count("Over the promised 14 days") == 1
    assert "Over the promised time: 1" in words(everything)
    assert ("Patient" in overdue.text, "Fresh" in overdue.text) == (True, False)


def test_the_queue_shows_what_is_with_its_author_and_what_one_decided_lately(app):
    mo = account()
    for name, verdict, by in (("Asked", changes_requested(), mo), ("Declined", declined(), mo),
                              ("Others", declined(), account())):  # fmt: skip
        decided(waiting(name=name), verdict, moderator=by)
    waiting(name="Open")
    client = signed_in(app, mo)

    shown = {view: client.get(f"/moderation?view={view}").text for view in ("waiting", "asked", "decided", "odd")}

    assert {view: named(text) for view, text in shown.items()} == {
        "waiting": ["Open"], "asked": ["Asked"], "decided": ["Declined", "Asked"], "odd": ["Open"],
    }  # fmt: skip


def test_an_empty_part_of_the_queue_says_so(app):
    assert "Nothing here." in signed_in(app, account()).get("/moderation?view=decided").text


def test_spam_is_declined_several_at_once_each_by_a_decision_of_its_own(app):
    chosen, left = [waiting() for _ in range(3)], waiting()
    mo = account()
    client = signed_in(app, mo)

    answer = several(client, chosen)

    assert answer.location == "/moderation"
    assert {status_of(review) for review in chosen} == {("declined", AS_SUBMITTED + 1)}
    assert status_of(left) == ("submitted", AS_SUBMITTED)
    entered = [row for row in rows(Decision) if row.action == "decline"]
    assert [(row.actor_id, row.reason_code, row.reason_text) for row in entered] == [(mo, "abusive", SPAM["words"])] * 3
    assert "You declined 3 reviews." in client.get("/moderation").text


def test_what_changed_meanwhile_is_told_one_by_one_and_the_others_are_declined(app):
    mo = account()
    open_elsewhere, own, sent_back, spam = waiting(), waiting(by=mo), waiting(), waiting()
    client = signed_in(app, mo)
    page = client.get("/moderation")
    decided(sent_back, changes_requested())
    claims.claim(open_elsewhere, moderator_id=account(), at=minutes(10))

    several(client, [open_elsewhere, own, sent_back, spam, "AAAAAAAAAAAA"], page=page)

    assert [status_of(each)[0] for each in (open_elsewhere, own, sent_back, spam)] == [
        "submitted", "submitted", "changes_requested", "declined",
    ]  # fmt: skip
    text = words(client.get("/moderation"))
    assert "You declined 1 review." in text
    for review, why in ((open_elsewhere, "Another moderator has this review open"), (own, "your own review"),
                        (sent_back, "This review has changed"), ("AAAAAAAAAAAA", "There is no such")):  # fmt: skip
        assert why in text.partition(f"Not declined: review {review}.")[2][:60]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (SPAM | {"chosen": []}, "Tick what you want to decline."),
        (SPAM | {"chosen": ["x", "AAAAAAAAAAAA:²", "AAAAAAAAAAAA:" + "9" * 10, ":1"]}, "Tick what"),
        (SPAM | {"reason": ""}, "Choose the reason that fits best."),
        # what is to be weighed answer by answer is not offered for several
        (SPAM | {"reason": "evidence_not_supporting"}, "Choose the reason that fits best."),
        (SPAM | {"words": ""}, "Say in a sentence why; the author reads it."),
        (SPAM | {"words": "x" * 1001}, "Shorten the reason"),
    ],
)
def test_what_is_missing_to_decline_several_is_said_and_the_ticks_stay(app, typed, said):
    review, client = waiting(), signed_in(app, account())

    page = several(client, [review], typed)

    assert page.status_code == 422
    assert said in words(page).partition("Please look at this again")[2]
    ticked = [tag["value"] for tag in Page(page.text).all("input") if tag.get("name") == "chosen" and "checked" in tag]
    assert ticked == ([f"{review}:{AS_SUBMITTED}"] if "chosen" not in typed else [])
    assert status_of(review) == ("submitted", AS_SUBMITTED)


def test_the_usual_words_can_be_had_for_several(app):
    page = several(signed_in(app, account()), [waiting()], {"reason": "duplicate", "words": "", "fill": "1"})

    assert (page.status_code, typed_words(page)) == (200, [WORDS[Reason.DUPLICATE][1]])


def test_every_reason_has_words_for_an_answer_and_for_the_whole():
    assert set(WORDS) == set(Reason) > set(FOR_SEVERAL)
    assert all(len(set(pair)) == 2 and all(pair) for pair in WORDS.values())


def test_a_review_that_is_decided_still_leads_to_the_next(app):
    review, other = waiting(), waiting()
    client = signed_in(app, account())
    decided(review, declined())

    page = client.get(f"/moderation/reviews/{review}")
    decided(other, declined())
    nothing_left = client.get(f"/moderation/reviews/{review}")

    assert [tag["form"] for tag in Page(page.text).all("button") if "form" in tag] == ["next"]
    assert "Next item" not in words(nothing_left)
    assert rows(Review)[0].status == ReviewStatus.DECLINED


def waiting(answers=MAILED, *, name="Blue Teapot", by=None, at=NOON):
    return submitted(reviewed_clinic(name=name), by or account(role=None), answers, at=at)


def minutes(number):
    return NOON + timedelta(minutes=number)


def send(client, address, typed=None):
    return client.post(address, data=fields(client.get("/moderation")) | (typed or {}))


def decide(client, review, typed, *, page=None):
    """Send the form of a review as it was on `page`, or as it is now."""
    page = page or client.get(f"/moderation/reviews/{review}")
    return client.post(f"/moderation/reviews/{review}", data=fields(page) | {"version": AS_SUBMITTED} | typed)


def several(client, chosen, typed=SPAM, *, page=None):
    """Tick reviews of the queue as it was on `page`, or as it is now, and decline them."""
    ticked = {"chosen": [f"{review}:{AS_SUBMITTED}" for review in chosen]}
    return client.post("/moderation/decline", data=fields(page or client.get("/moderation")) | ticked | typed)


def named(source):
    """Return the clinics of the list, in order."""
    return re.findall(r"<h2[^>]*><a [^>]*><bdi>([^<]+)<", source)


def typed_words(page):
    return [words.replace("&#39;", "'") for words in re.findall(r"<textarea[^>]*>\s*([^<]*?)\s*</textarea>", page.text)]


@pytest.fixture
def at_noon(monkeypatch):
    """Let the pages be of a quarter of an hour after noon."""
    for module in ("moderation", "moderation_queue"):
        monkeypatch.setattr(f"directory.web.{module}.now", lambda: minutes(15))
