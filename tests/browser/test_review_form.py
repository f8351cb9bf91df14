"""The form of a review in Chromium: by keyboard alone, without JavaScript, saved while one types, in two windows."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from directory.models import Account, Review, ReviewDraft
from tests.conftest import emptied_after
from tests.support import browser
from tests.support.accounts import person, sign_in
from tests.support.client import PageClient
from tests.support.reviews import SITE, reviewed_clinic
from tests.support.tables import rows

HOME = "at_home_use_offered"


@pytest.fixture
def app(sqlite_app):
    with emptied_after(sqlite_app) as app:
        yield app


@pytest.fixture
def served(app):
    with browser.served(app) as address:
        yield address


@pytest.fixture
def form(app, served):
    """The address of the form about a clinic."""
    return f"{served}/clinics/{reviewed_clinic(name='Paper Kite')['public_id']}/review"


@pytest.fixture
def cookie(app, served):
    """The cookie of a reviewer who is signed in."""
    app.test_client_class = PageClient
    client = app.test_client()
    sign_in(client, person())
    (found,) = [each for each in client._cookies.values() if "session" in each.key]
    return {"name": found.key, "value": found.value, "url": served}


@contextmanager
def opened(chromium, form, cookie, **options):
    with browser.opened(chromium, **options) as page:
        page.context.add_cookies([cookie])
        page.goto(form)
        yield page


def answer(page):
    page.locator("#tie-none").check()
    page.locator(f"#{HOME}-value-yes").check()
    page.locator(f"#{HOME}-link").fill(f"{SITE}/faq")
    page.locator(f"#{HOME}-quote").fill("We mail it to you.")
    page.locator(f"#{HOME}-seen").fill("2026-11-21")


def status(page):
    return page.locator("#saved")


@pytest.mark.parametrize("size", [browser.PHONE, browser.DESK], ids=["390", "1280"])
def test_without_script_a_form_is_saved_left_found_again_and_handed_in(chromium, form, cookie, size):
    with opened(chromium, form, cookie, size=size, script=False) as page:
        answer(page)
        page.get_by_label("I called the clinic").check()
        page.get_by_role("button", name="Save draft and show what fits").click()
        expect(status(page)).to_contain_text("Draft saved")
        page.goto("about:blank")

        page.goto(form)
        expect(page.locator(f"#{HOME}-quote")).to_have_value("We mail it to you.")
        expect(page.locator("#shelf-aside")).to_be_visible()
        page.get_by_role("button", name="Hand in the review").click()

        page.wait_for_url("**/reviews/*")
        assert [review.status for review in rows(Review)] == ["submitted"]


def test_without_script_problems_come_with_the_focus_on_them_and_lead_to_their_fields(chromium, form, cookie):
    with opened(chromium, form, cookie, script=False) as page:
        page.locator(".shelf > summary").nth(3).click()
        page.locator("#risks_balanced-value-yes").check()
        page.get_by_role("button", name="Hand in the review").click()

        expect(page.locator("#errors")).to_be_focused()
        page.get_by_role("link", name="Risks described as clearly as benefits").click()
        expect(page.locator("#risks_balanced-link")).to_be_visible()
        expect(page.locator("#risks_balanced-link")).to_be_in_viewport()


def test_the_form_is_filled_in_and_handed_in_by_keyboard_alone(chromium, form, cookie):
    with opened(chromium, form, cookie) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # skip to the content
        tab_to(page, "tie-none")
        page.keyboard.press("Space")
        tab_to(page, f"{HOME}-value-yes")
        page.keyboard.press("Space")
        for part, text in (("link", f"{SITE}/faq"), ("quote", "We mail it to you."), ("seen", "11212026")):
            tab_to(page, f"{HOME}-{part}")
            page.keyboard.type(text)
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.value") == "submit":
                break
        page.keyboard.press("Enter")

        page.wait_for_url("**/reviews/*")
        assert [review.status for review in rows(Review)] == ["submitted"]


def test_the_enter_key_in_a_field_saves_and_hands_nothing_in(chromium, form, cookie):
    with opened(chromium, form, cookie, script=False) as page:
        answer(page)
        page.locator(f"#{HOME}-link").press("Enter")

        expect(status(page)).to_contain_text("Draft saved")
        assert [review.status for review in rows(Review)] == ["draft"]


def test_what_is_typed_is_saved_by_itself_and_says_what_it_will_count_as(chromium, form, cookie):
    with opened(chromium, form, cookie) as page:
        mark = page.locator(f'[href="#q-{HOME}"] use')
        expect(mark).to_have_attribute("href", "#i-todo")
        page.locator(f"#{HOME}-value-yes").check()
        expect(status(page)).to_have_text("Not saved yet.")
        expect(status(page)).to_contain_text("Draft saved on", timeout=15000)
        expect(page.locator(f"#{HOME}-counts")).to_contain_text("Add what you base this answer on")
        expect(mark).to_have_attribute("href", "#i-part")

        answer(page)
        expect(page.locator(f"#{HOME}-counts")).to_contain_text("anyone can check", timeout=15000)
        expect(page.locator(f"#{HOME}-state")).to_have_text("Your answer: Yes; anyone can check")
        expect(mark).to_have_attribute("href", "#i-done")
        expect(status(page)).to_contain_text("Draft saved on", timeout=15000)
        said = status(page).inner_text()
        page.reload()

        expect(page.locator(f"#{HOME}-quote")).to_have_value("We mail it to you.")
        expect(status(page)).to_have_text(said)
        assert rows(ReviewDraft)[0].version >= 2


def test_what_was_refused_and_is_put_right_is_no_longer_named_as_wrong(chromium, form, cookie):
    with opened(chromium, form, cookie) as page:
        page.locator(f"#{HOME}-value-yes").check()
        page.get_by_role("button", name="Hand in the review").click()
        expect(page.locator("#errors li")).to_have_count(2)

        page.locator("#tie-none").check()
        expect(page.locator("#tie-error")).to_have_count(0)
        expect(page.locator("#errors li")).to_have_count(1)
        expect(page.locator(f"#{HOME}-link-error")).to_be_visible()
        page.locator(f"#{HOME}-note").fill("They said so.")
        page.locator(f"#{HOME}-note_seen").fill("2026-11-21")

        expect(page.locator(f"#{HOME}-link-error")).to_have_count(0, timeout=15000)
        expect(page.locator(f"#{HOME}-link")).not_to_have_attribute("aria-invalid", "true")
        expect(page.locator("#errors")).to_be_hidden()


def test_that_nothing_was_answered_is_taken_back_with_the_first_answer_that_says_something(chromium, form, cookie):
    with opened(chromium, form, cookie) as page:
        page.locator("#tie-none").check()
        page.get_by_role("button", name="Hand in the review").click()
        expect(page.locator("#errors li")).to_have_count(1)
        page.wait_for_load_state()

        page.locator(f"#{HOME}-value-unknown").check()
        expect(page.locator("#answers-error")).to_be_visible()
        page.locator(f"#{HOME}-value-yes").check()

        expect(page.locator("#answers-error")).to_have_count(0)
        expect(page.locator("#errors")).to_be_hidden()


def test_what_was_typed_last_is_saved_when_one_leaves(chromium, form, cookie):
    with opened(chromium, form, cookie) as page:
        answer(page)
        page.goto("about:blank")
        page.wait_for_timeout(500)
        page.goto(form)

        expect(page.locator(f"#{HOME}-quote")).to_have_value("We mail it to you.")


def test_a_second_window_is_told_while_typing_and_chooses(chromium, form, cookie):
    with opened(chromium, form, cookie) as first, opened(chromium, form, cookie) as second:
        answer(first)
        expect(status(first)).to_contain_text("Draft saved on", timeout=15000)
        second.locator(f"#{HOME}-value-no").check()
        expect(status(second)).to_contain_text("was saved in another window", timeout=15000)
        second.get_by_role("button", name="Save draft", exact=True).last.click()

        expect(second.locator("#happened")).to_be_focused()
        expect(second.locator("#happened")).to_contain_text("We mail it to you.")
        expect(second.locator(f"#{HOME}-value-no")).to_be_checked()
        second.get_by_role("button", name="Save draft", exact=True).last.click()
        expect(second.locator("#happened")).to_have_count(0)
        first.reload()
        expect(first.locator(f"#{HOME}-value-no")).to_be_checked()


def test_whoever_is_signed_out_is_told_and_goes_on_after_signing_in_again(chromium, form, cookie, app):
    with opened(chromium, form, cookie) as page:
        answer(page)
        page.context.clear_cookies()
        page.locator(f"#{HOME}-quote").press("End")
        expect(status(page)).to_contain_text("You are signed out", timeout=15000)
        page.get_by_role("button", name="Hand in the review").click()
        expect(page.locator("#happened")).to_contain_text("Sign in in a new tab")
        expect(page.locator(f"#{HOME}-quote")).to_have_value("We mail it to you.")

        page.context.add_cookies([cookie])
        page.get_by_role("button", name="Save draft", exact=True).last.click()
        expect(page.locator("#happened")).to_contain_text("press the button once more")
        page.get_by_role("button", name="Save draft", exact=True).last.click()

        expect(status(page)).to_contain_text("Draft saved")
        assert len(rows(Account)) == 1
        assert rows(ReviewDraft)[0].version == 1


def test_evidence_is_asked_for_once_there_is_an_answer_that_needs_it(chromium, form, cookie):
    with opened(chromium, form, cookie, script=False) as page:
        link, pages = page.locator("#cure_all_claims-link"), page.locator("#cure_all_claims-pages")
        expect(link).to_be_hidden()
        for value, shows in (("yes", (True, False)), ("no", (True, True)), ("unknown", (False, False))):
            page.locator(f"#cure_all_claims-value-{value}").check()
            assert (link.is_visible(), pages.is_visible()) == shows


def test_what_cannot_be_known_that_way_is_put_aside_at_once_and_comes_back(chromium, form, cookie):
    with opened(chromium, form, cookie) as page:
        aside = page.locator("#shelf-aside .criterion")
        page.locator("#shelf-legality > summary").click()
        page.locator("#rems_certified-value-yes").check()
        page.get_by_label("I read the clinic’s site").check()
        expect(page.locator("#shelf-legality .criterion")).to_have_count(2)  # one that fits, one that was answered
        assert aside.count() > 0

        page.get_by_label("I read the clinic’s site").uncheck()

        expect(aside).to_have_count(0)


def tab_to(page, element_id):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == element_id:
            return
    raise AssertionError(f"no way to #{element_id} by keyboard")
