import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from directory.domain import drafts as domain
from directory.domain.evidence import LONGEST_ADDRESS, LONGEST_NOTE, LONGEST_QUOTE
from directory.extensions import db
from directory.models import AccountSession, Review, ReviewDraft, Tie
from directory.services import checklists
from directory.web.requests import now
from tests.support import hostile
from tests.support.accounts import ANNA, BEN, person, sign_in, signed_in_client, stored
from tests.support.answers import TODAY
from tests.support.checklists import SHIPPED
from tests.support.client import Page
from tests.support.engines import ON_EACH_ENGINE
from tests.support.review_forms import LEAST, ORIGIN, address, filled, send, typed_in
from tests.support.reviews import SITE, approved, changes_requested, decided, declined, link, reviewed_clinic
from tests.support.tables import nothing_written, rows
from tests.support.threads import at_once

HOME, CURE = "at_home_use_offered", "cure_all_claims"
OTHER = LEAST | {f"{HOME}-quote": "Lozenges by mail."}
NEXT = replace(
    SHIPPED, version="2027.1", signs=(replace(SHIPPED.signs[0], slug="brand_new", name="Brand new"), *SHIPPED.signs[1:])
)


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    monkeypatch.setattr("directory.web.drafts.today", lambda: TODAY)


@pytest.fixture
def clinic(app):
    return reviewed_clinic(name="Paper Kite")


@pytest.fixture
def anna(app):
    return signed_in_client(app)


def test_a_form_is_opened_saved_and_handed_in(anna, clinic):
    opened = anna.get(address(clinic))
    saved = send(anna, clinic, LEAST)
    again = anna.get(address(clinic))
    handed_in = send(anna, clinic, act="submit")

    assert typed_in(opened) == {}
    assert (saved.status_code, saved.location) == (303, f"{address(clinic)}#saved")
    assert typed_in(again) == LEAST
    (review,) = rows(Review)
    assert (handed_in.status_code, handed_in.location) == (303, f"/reviews/{review.public_id}")
    assert review.status == "submitted"


def test_a_button_that_says_nothing_saves(anna, clinic):
    assert send(anna, clinic, LEAST, act="").status_code == 303
    assert rows(ReviewDraft)[0].version == 1


@pytest.mark.security(55)
def test_nobody_keeps_a_copy_of_a_form(anna, clinic):
    assert anna.get(address(clinic)).headers["Cache-Control"] == "no-store"
    assert send(anna, clinic, act="submit").headers["Cache-Control"] == "no-store"


def test_whoever_is_not_signed_in_comes_to_the_form_by_signing_in(client, clinic):
    before = client.get(address(clinic))
    sign_in(client, person())
    onward = client.get("/account/onward")

    assert (before.status_code, before.location) == (303, "/account/sign-in")
    assert onward.location == address(clinic)


@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_form_about_a_clinic_that_is_not_listed(anna, clinic, method):
    token = {"csrf_token": filled(anna.get(address(clinic)))["csrf_token"]}
    nowhere = getattr(anna, method)("/clinics/nowhere/review", **({"data": token} if method == "post" else {}))

    assert nowhere.status_code == 404


def test_the_page_of_a_clinic_leads_to_the_form_and_is_the_same_for_everybody(client, anna, clinic):
    page = f"/clinics/{clinic['public_id']}/{clinic['slug']}"

    shown = client.get(page).text

    assert f'href="{address(clinic)}"' in shown
    assert anna.get(page).text == shown


def test_the_questions_stand_in_their_order_and_the_rest_is_folded_by_group(anna, clinic):
    page = Page(anna.get(address(clinic)).text)

    asked = [tag["data-slug"] for tag in page.all("fieldset") if "data-slug" in tag]
    assert asked[:12] == [criterion.slug for criterion in domain.core(SHIPPED)]
    assert sorted(asked) == sorted(SHIPPED.by_slug)
    shelves = [tag for tag in page.all("details") if tag.get("id", "").startswith("shelf-")]
    assert [tag["id"] for tag in shelves] == [*(f"shelf-{group.slug}" for group in SHIPPED.groups), "shelf-aside"]
    assert not any("open" in tag for tag in shelves)


def test_only_where_it_is_allowed_a_question_may_not_apply(anna, clinic):
    page = Page(anna.get(address(clinic)).text)

    offered = [tag["name"] for tag in page.all("input") if tag.get("value") == "not_applicable"]
    assert sorted(offered) == sorted(f"{slug}-value" for slug, each in SHIPPED.by_slug.items() if each.not_applicable)


def test_what_cannot_be_known_that_way_is_put_aside_but_nothing_that_was_answered(anna, clinic):
    send(anna, clinic, {"knows-phone": "y", "risks_balanced-value": "unknown"})

    shown = anna.get(address(clinic)).text
    shelves, aside = shown.split('id="shelf-aside"')
    assert typed_in(anna.get(address(clinic))) == {"knows-phone": "y", "risks_balanced-value": "unknown"}
    assert 'id="q-false_fda_approval_claim"' in aside
    assert 'id="q-risks_balanced"' in shelves
    assert 'id="q-emergency_readiness"' in shelves
    assert 'id="shelf-legality" hidden' not in shown
    assert 'id="shelf-honesty" open' in shown


def test_each_problem_is_named_on_top_with_a_link_to_its_field_and_nothing_typed_is_lost(anna, clinic):
    wrong = {
        f"{HOME}-value": "yes", f"{HOME}-quote": "We mail it.", f"{HOME}-seen": "someday",
        "risks_balanced-value": "no", "price_published-note": "They did not say.",
    }  # fmt: skip

    refused = send(anna, clinic, wrong, act="submit")

    page = Page(refused.text)
    assert refused.status_code == 422
    assert typed_in(refused) == wrong == typed_in(anna.get(address(clinic)))
    summary = refused.text.split('id="errors"')[1].split("</ul>")[0]
    targets = [tag["href"].removeprefix("#") for tag in Page(f"<ul>{summary}").all("a")]
    assert targets == [
        "tie-none", f"{HOME}-link", f"{HOME}-seen", "price_published-value-yes", "risks_balanced-link",
    ]  # fmt: skip
    controls = {tag.get("id"): tag for tag in page.tags if tag[""] in {"input", "textarea"}}
    for target in targets:
        errors = [name for name in controls[target]["aria-describedby"].split() if name.endswith("-error")]
        assert errors
        assert f'class="error" id="{errors[0]}"' in refused.text
    assert controls[f"{HOME}-seen"]["type"] == "text", "a browser's field for days would drop what is no day"
    assert controls[f"{HOME}-link"]["aria-invalid"] == "true"
    (summary,) = [tag for tag in page.tags if tag.get("id") == "errors"]
    assert (summary["role"], summary["tabindex"]) == ("alert", "-1")
    assert "autofocus" in summary
    assert 'id="shelf-honesty" open' in refused.text


def test_beside_each_answer_stands_what_it_will_count_as_and_why(anna, clinic):
    send(anna, clinic, LEAST | {f"{CURE}-value": "unknown", "risks_balanced-value": "yes"})

    text = anna.get(address(clinic)).text
    counts = {slug: text.split(f'id="{slug}-counts">')[1].split("<")[0] for slug in (HOME, CURE, "risks_balanced")}
    assert counts[HOME].startswith("This will count as: anyone can check. It rests on exact words")
    assert counts[CURE].startswith("It needs no evidence")
    assert counts["risks_balanced"].startswith("This will not count as it stands. Add what you base")


def test_beside_the_form_stands_how_far_each_answer_has_come_by_marks_that_no_clinic_has(anna, clinic):
    typed = LEAST | {f"{CURE}-value": "yes", "price_published-value": "unknown"}
    send(anna, clinic, typed)

    saved, refused = marks(anna.get(address(clinic))), marks(send(anna, clinic, act="submit"))

    assert [saved[slug] for slug in (HOME, CURE, "price_published", "vitals_monitored_during")] == [
        "i-done", "i-part", "i-done", "i-todo",
    ]  # fmt: skip
    assert (refused[HOME], refused[CURE]) == ("i-done", "i-mind")


def test_that_nothing_was_answered_is_said_of_the_answers_and_not_of_the_first_question(anna, clinic):
    refused = send(anna, clinic, {"tie": "none"}, act="submit")

    assert "Your answers: Answer at least one question with yes or no." in refused.text
    assert 'href="#answers"' in refused.text
    assert refused.text.index('id="answers-error"') < refused.text.index(f'id="q-{HOME}"')
    assert f'id="{HOME}-value-error"' not in refused.text


@pytest.mark.parametrize("tie", ["owner", "litigation"])
def test_a_tie_that_bars_a_review_is_told_and_the_draft_is_kept(anna, clinic, tie):
    refused = send(anna, clinic, LEAST | {"tie": tie}, act="submit")

    assert refused.status_code == 403
    assert "Because of your tie to this clinic, its review has to come from somebody else." in refused.text
    assert f'href="/clinics/{clinic["public_id"]}/suggest"' in refused.text
    assert typed_in(refused) == LEAST | {"tie": tie} == typed_in(anna.get(address(clinic)))
    assert ([review.status for review in rows(Review)], [each.kind for each in rows(Tie)]) == (["draft"], [tie])


def test_who_hands_in_too_many_reviews_is_told_from_when_on_it_works_and_the_draft_is_kept(anna, clinic):
    for _ in range(3):
        send(anna, reviewed_clinic(), LEAST, act="submit")

    refused = send(anna, clinic, LEAST, act="submit")

    tomorrow = now().date() + timedelta(days=1)
    assert refused.status_code == 403
    assert f"Hand this one in from {tomorrow} on; your draft is kept." in refused.text
    assert typed_in(refused) == LEAST == typed_in(anna.get(address(clinic)))


def test_two_windows_with_the_same_draft_lose_nothing_and_the_second_is_told(anna, clinic):
    first = second = anna.get(address(clinic))
    send(anna, clinic, LEAST, page=first)

    told = send(anna, clinic, OTHER, page=second)
    kept = send(anna, clinic, page=told)

    assert told.status_code == 409
    assert "was saved in another window" in told.text
    assert typed_in(told) == OTHER
    happened = " ".join(told.text.split('id="happened"')[1].split("<form")[0].split())
    assert "Offers at-home use of ketamine</strong> · Exact quote" in happened
    assert '<span class="typed">We mail it to you.</span>' in happened
    assert happened.count("<li>") == 1
    assert (kept.status_code, typed_in(anna.get(address(clinic)))) == (303, OTHER)


@pytest.mark.parametrize(
    ("mine", "theirs", "words"),
    [
        ({"tie": "none"}, {"tie": "patient"}, ["Your tie to this clinic", "I am or was a patient there"]),
        ({"knows-site": "y"}, {}, ["How do you know?", "I read the clinic’s site", "Not ticked"]),
        ({}, {f"{CURE}-whole_site": "y"}, ["The site has no more pages than these", "Ticked"]),
        ({f"{CURE}-value": "no"}, {f"{CURE}-value": "unknown"}, ["Answer", "Could not tell"]),
        ({f"{CURE}-note": "Mine."}, {}, ["In your own words", "(nothing)"]),
        ({}, {f"{CURE}-seen": "2026-11-21"}, ["Date seen", "21\xa0Nov\xa02026"]),
        ({}, {f"{CURE}-seen": "0026-11-21"}, ["Date seen", "0026-11-21"]),
    ],
)
def test_what_the_other_window_saved_is_shown_in_words(anna, clinic, mine, theirs, words):
    base = {f"{HOME}-note": "x"}
    page = anna.get(address(clinic))
    send(anna, clinic, base | theirs, page=page)

    told = send(anna, clinic, base | mine, page=page)

    happened = told.text.split('id="happened"')[1].split("<form")[0]
    assert all(word in happened for word in words)


def test_of_two_windows_one_hands_in_and_the_other_is_told_without_losing_what_it_holds(anna, clinic):
    page = anna.get(address(clinic))
    first = send(anna, clinic, LEAST, act="submit", page=page)

    again = send(anna, clinic, LEAST, act="submit", page=page)
    other = send(anna, clinic, OTHER, act="submit", page=page)

    assert (again.status_code, again.location) == (303, first.location)
    assert (other.status_code, typed_in(other)) == (409, OTHER)
    assert "was handed in or taken back in another window" in other.text
    assert f'href="{first.location}"' in other.text
    assert len(rows(Review)) == 1


@ON_EACH_ENGINE
def test_ten_equal_forms_at_once_make_one_review_and_get_one_answer(app, anna, clinic):
    data = filled(anna.get(address(clinic))) | LEAST | {"do": "submit"}
    cookie = anna.get_cookie("session").value

    def click():
        client = app.test_client()
        client.set_cookie("session", cookie)
        answer = client.post(address(clinic), data=data)
        return answer.status_code, answer.location

    answers = at_once(app, *[click] * 10)

    (review,) = rows(Review)
    assert answers == [(303, f"/reviews/{review.public_id}")] * 10


def test_what_was_handed_in_stands_in_the_way_until_it_is_decided(anna, clinic):
    handed_in = send(anna, clinic, LEAST, act="submit")

    page = anna.get(address(clinic))

    assert f'href="{handed_in.location}"' in page.text
    assert 'id="review-form"' not in page.text


def test_what_a_moderator_asked_for_stands_above_the_answers(anna, clinic):
    handed_in = send(anna, clinic, LEAST, act="submit")
    decided(handed_in.location.rpartition("/")[2], changes_requested())

    page = anna.get(address(clinic))
    again = send(anna, clinic, OTHER, act="submit", page=page)

    assert "Quote the sentence itself." in page.text
    assert "The evidence does not show what the answer says" in page.text
    assert typed_in(page) == {name: text for name, text in LEAST.items() if name != "tie"}
    assert again.location == handed_in.location


def test_an_update_begins_with_what_was_approved(app, clinic):
    who = person()
    approved(clinic, who.id, {HOME: ("yes", link())})

    page = signed_in_client(app, who).get(address(clinic))

    assert "Your last review of this clinic was approved" in page.text
    assert typed_in(page)[f"{HOME}-quote"] == "We mail it to you."


def test_a_draft_is_thrown_away_by_its_own_button_alone(anna, clinic):
    send(anna, clinic, LEAST)

    thrown = send(anna, clinic, act="discard")

    assert (thrown.status_code, rows(Review)) == (303, [])
    assert "The draft is thrown away." in anna.get(thrown.location).text


@pytest.mark.security(35)
@pytest.mark.parametrize("token", ["", "another"])
def test_a_page_that_ran_out_comes_back_with_everything_that_was_typed(anna, clinic, token):
    page = anna.get(address(clinic))

    with nothing_written():
        back = send(anna, clinic, LEAST | {"csrf_token": token}, page=page, headers=ORIGIN)

    assert back.status_code == 400
    assert "press the button once more" in back.text
    assert typed_in(back) == LEAST
    assert send(anna, clinic, page=back).status_code == 303
    assert typed_in(anna.get(address(clinic))) == LEAST


@pytest.mark.security(35)
@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"},
                                     {"Origin": "https://localhost"}, {"Origin": "http://localhost:81"}])  # fmt: skip
def test_a_form_from_elsewhere_is_refused_and_nothing_of_it_is_shown(anna, clinic, headers):
    page = anna.get(address(clinic))

    with nothing_written():
        refused = send(anna, clinic, OTHER | {"csrf_token": "x"}, page=page, headers=headers)

    assert refused.status_code == 400
    assert "Lozenges" not in refused.text
    assert "<textarea" not in refused.text
    assert "Set-Cookie" not in refused.headers


def test_a_form_about_no_clinic_whose_token_ran_out_is_not_found(anna):
    assert anna.post("/clinics/nowhere/review", data={"csrf_token": "x"}, headers=ORIGIN).status_code == 404


def test_other_forms_without_a_token_are_refused_by_a_page_of_ours(anna):
    refused = anna.post("/account/sign-out", headers=ORIGIN)

    assert refused.status_code == 400
    assert "We could not read that request" in refused.text


def test_whoever_is_signed_out_meanwhile_loses_nothing(app, anna, clinic):
    page = anna.get(address(clinic))
    elsewhere_signed_out()

    out = send(anna, clinic, LEAST, page=page)
    sign_in(anna, person(BEN))
    back = send(anna, clinic, page=out, headers=ORIGIN)
    saved = send(anna, clinic, page=back)

    assert (out.status_code, typed_in(out)) == (401, LEAST)
    assert "Sign in in a new tab" in out.text
    assert out.headers["Cache-Control"] == "no-store"
    # signing in makes a new token, so the first press shows the form once more
    assert (back.status_code, typed_in(back)) == (400, LEAST)
    assert (saved.status_code, typed_in(anna.get(address(clinic)))) == (303, LEAST)


def test_a_script_saves_the_draft_and_learns_what_each_answer_counts_as(anna, clinic):
    page = filled(anna.get(address(clinic)))

    answer = anna.post(f"{address(clinic)}/draft", data=page | LEAST)

    told = answer.get_json()
    assert (answer.status_code, told["version"], told["key"]) == (200, 1, page["key"])
    assert told["counting"][HOME] == {
        "counts": "This will count as: anyone can check. It rests on exact words on the clinic’s own site or in an"
                  " official register.",
        "state": "Your answer: Yes; anyone can check",
        "mark": "i-done",
    }  # fmt: skip
    again = anna.post(f"{address(clinic)}/draft", data=page | OTHER | {"version": "1", "csrf_token": told["token"]})
    assert again.get_json()["version"] == 2
    assert typed_in(anna.get(address(clinic))) == OTHER


def test_a_script_is_told_of_another_window_and_of_what_cannot_be_kept(anna, clinic):
    page = filled(anna.get(address(clinic)))
    anna.post(f"{address(clinic)}/draft", data=page | LEAST)

    other = anna.post(f"{address(clinic)}/draft", data=page | OTHER)
    keyless = anna.post(f"{address(clinic)}/draft", data=page | OTHER | {"key": ""})

    assert (other.status_code, keyless.status_code) == (409, 422)
    assert "another window" in other.get_json()["message"]
    assert typed_in(anna.get(address(clinic))) == LEAST


def test_a_script_whose_page_ran_out_gets_what_it_needs_to_try_again(anna, clinic):
    page = filled(anna.get(address(clinic))) | LEAST

    out = anna.post(f"{address(clinic)}/draft", data=page | {"csrf_token": ""}, headers=ORIGIN)
    foreign = anna.post(f"{address(clinic)}/draft", data=page | {"csrf_token": ""})
    again = anna.post(f"{address(clinic)}/draft", data=page | {"csrf_token": out.get_json()["token"]})

    assert (out.status_code, foreign.status_code, foreign.mimetype, again.status_code) == (400, 400, "text/html", 200)


def test_a_script_is_told_that_somebody_is_signed_out(anna, clinic):
    page = filled(anna.get(address(clinic)))
    elsewhere_signed_out()

    out = anna.post(f"{address(clinic)}/draft", data=page | LEAST)

    assert (out.status_code, "token" in out.get_json()) == (401, False)
    assert "You are signed out" in out.get_json()["message"]


def test_a_checklist_that_changed_loses_nothing_and_says_what_changed(anna, clinic, monkeypatch):
    page = anna.get(address(clinic))
    send(anna, clinic, LEAST, page=page)
    monkeypatch.setattr("directory.web.drafts.checklists.current", lambda: NEXT)

    shown = anna.get(address(clinic))
    saved = send(anna, clinic, {"brand_new-value": "unknown"}, page=shown)
    after = anna.get(address(clinic))

    assert "The checklist has changed since you began." in shown.text
    assert '<a href="#q-brand_new">Brand new</a>' in shown.text
    assert "No longer asked: Offers at-home use of ketamine" in shown.text
    left = shown.text.split('id="left-over-h"')[1]
    assert "Offers at-home use of ketamine</strong> · Exact quote" in left
    assert "We mail it to you." in left
    assert saved.status_code == 303
    assert typed_in(after) == {"tie": "none", "brand_new-value": "unknown"}
    assert "The checklist has changed" not in after.text
    assert "We mail it to you." in after.text.split('id="left-over-h"')[1]


def test_a_form_of_an_older_checklist_is_saved_and_not_handed_in_unseen(anna, clinic, monkeypatch):
    page = anna.get(address(clinic))
    monkeypatch.setattr("directory.web.drafts.checklists.current", lambda: NEXT)

    told = send(anna, clinic, LEAST, act="submit", page=page)

    assert told.status_code == 409
    assert "The checklist changed while you wrote" in told.text
    assert "We mail it to you." in told.text.split('id="left-over-h"')[1]
    assert [review.status for review in rows(Review)] == ["draft"]
    assert json.loads(rows(ReviewDraft)[0].fields) == LEAST | {"checklist": checklists.current().version} | {
        "checklist": SHIPPED.version
    }


@pytest.mark.security(26)
def test_nothing_is_taken_from_a_form_but_what_it_asks(anna, clinic):
    extra = {"author_id": "1", "status": "approved", "version_id": "9", "approved_at": "now", "score": "100",
             "tier": "3", f"{HOME}-tier": "3", "role": "moderator"}  # fmt: skip

    send(anna, clinic, LEAST | extra)

    assert typed_in(anna.get(address(clinic))) == LEAST
    assert [review.status for review in rows(Review)] == ["draft"]


@pytest.mark.security(24)
def test_a_key_of_somebody_else_opens_nothing(app, anna, clinic):
    send(anna, clinic, LEAST)
    stolen = filled(anna.get(address(clinic)))
    ben = signed_in_client(app, person(BEN))
    token = {"csrf_token": filled(ben.get(address(clinic)))["csrf_token"]}

    told = ben.post(address(clinic), data=stolen | OTHER | token | {"do": "save"})

    assert told.status_code == 409
    assert "We mail it to you." not in told.text
    assert len(rows(Review)) == 1


@pytest.mark.parametrize("field", ["key", "version", "checklist", "do"])
@ON_EACH_ENGINE
def test_hidden_fields_may_hold_anything(anna, clinic, field):
    page = filled(anna.get(address(clinic))) | LEAST

    for text in ("", "\x00", "-1", "9" * 400, "x" * 5000, "’; DROP TABLE review", "\U0001f489"):
        answer = anna.post(address(clinic), data=page | {field: text})
        assert answer.status_code in {303, 409, 422}
        assert answer.status_code == 303 or typed_in(answer) == LEAST


@pytest.mark.security(30)
def test_hostile_strings_stay_text_in_every_field(anna, clinic):
    names = [name for name in domain.names(SHIPPED) if name.rpartition("-")[2] not in {"value", "whole_site"}]
    names = [name for name in names if name != "tie" and not name.startswith("knows")]
    corpus = [each.encode("utf-8", "replace").decode() for each in hostile.kinds()]
    shapes = {tag[""] for tag in Page(send(anna, clinic, act="submit").text).tags}

    for start in range(0, len(corpus), len(names)):
        part = corpus[start : start + len(names)]
        # each string in another kind of field each time
        shift = start // len(names)
        said = dict.fromkeys(names, "") | dict(zip(names[shift:] + names[:shift], part, strict=False))
        answer = send(anna, clinic, said, act="submit")
        assert answer.status_code == 422
        expected = domain.kept(SHIPPED, said)
        assert typed_in(answer) == expected
        assert typed_in(anna.get(address(clinic))) == expected
        assert {tag[""] for tag in Page(answer.text).tags} <= shapes


@pytest.mark.parametrize("name", ["tie", f"{HOME}-value", "knows-site", f"{CURE}-whole_site"])
@ON_EACH_ENGINE
def test_a_choice_that_is_not_offered_is_refused_in_words(anna, clinic, name):
    for text in ("<script>alert(1)</script>", "\x00", "x" * 3000):
        answer = send(anna, clinic, {name: text}, act="submit")
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text


@pytest.mark.security(31)
@pytest.mark.parametrize("part", ["link", "archive", "pages"])
def test_an_address_that_no_reader_should_be_sent_to_is_refused_and_stays_in_its_field(anna, clinic, part):
    right = {"value": "no", "quote": "x", "seen": "2026-11-21", "link": f"{SITE}/", "pages_seen": "2026-11-21"}
    for bad in ("javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//evil.example",
                "\\evil.example", "java\tscript:alert(1)", "https://a:b@clinic.example/"):  # fmt: skip
        said = {f"{CURE}-{name}": text for name, text in (right | {part: bad}).items()}
        answer = send(anna, clinic, LEAST | said, act="submit")

        assert answer.status_code == 422
        assert f'id="{CURE}-{part}-error"' in answer.text
        assert typed_in(answer)[f"{CURE}-{part}"] == bad
        assert not [tag for tag in Page(answer.text).all("a") if "evil" in tag["href"] or ":alert" in tag["href"]]


@pytest.mark.security(49)
def test_the_largest_form_is_within_what_a_request_may_hold(anna, clinic):
    most = {
        "value": "no", "link": SITE + "/" + "x" * (LONGEST_ADDRESS - len(SITE) - 1), "quote": "é" * LONGEST_QUOTE,
        "seen": "2026-11-21", "archive": SITE + "/" + "y" * (LONGEST_ADDRESS - len(SITE) - 1),
        "pages": "\n".join(f"{SITE}/{number}" for number in range(18)), "pages_seen": "2026-11-21", "whole_site": "y",
        "note": "é" * LONGEST_NOTE, "note_seen": "2026-11-21",
    }  # fmt: skip
    whole = {f"{slug}-{part}": text for slug in SHIPPED.by_slug for part, text in most.items()}
    whole |= {"tie": "patient"} | {f"knows-{way}": "y" for way in ("site", "phone", "visit", "register")}

    saved = send(anna, clinic, whole)
    handed_in = send(anna, clinic, act="submit")

    assert (saved.status_code, handed_in.status_code) == (303, 303)


def test_a_decided_review_leaves_the_other_window_what_it_typed(anna, clinic):
    page = anna.get(address(clinic))
    handed_in = send(anna, clinic, LEAST, act="submit", page=page)
    decided(handed_in.location.rpartition("/")[2], declined())

    told = send(anna, clinic, OTHER, page=page)
    begun = send(anna, clinic, page=told)

    assert (told.status_code, typed_in(told), begun.status_code) == (409, OTHER, 303)
    assert sorted(review.status for review in rows(Review)) == ["declined", "draft"]


def marks(page):
    """Return the symbol beside each question that comes first."""
    rail = page.text.split("<ol")[1].split("</ol>")[0]
    return dict(re.findall(r'href="#q-(\w+)"><svg[^>]*><use href="#([\w-]+)"', rail))


def elsewhere_signed_out():
    """End every session, as its owner can from another browser."""
    db.session.query(AccountSession).filter_by(account_id=stored(ANNA).id).update({"revoked_at": db.func.now()})
    db.session.commit()
