"""Somebody makes an account, checks a clinic over two sittings, and a moderator decides: the card has changed."""

import re

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect

from directory.domain.access import Role
from directory.services import demo
from tests.support import browser
from tests.support.accounts import PASSWORD, link, person

#: Nothing was ever told of these.
_UNCHECKED = {
    each.source_key: each for each in demo.listings() if each.source_key in {"CA Los Angeles 9", "IL Chicago 9"}
}
QUOTE = "Every dose is given here, at our office."


@pytest.mark.parametrize(
    ("script", "size", "key"),
    [(True, browser.DESK, "CA Los Angeles 9"), (False, browser.PHONE, "IL Chicago 9")],
    ids=["script-1280", "no-script-390"],
)
def test_from_an_account_to_a_changed_card(chromium, site, demo_app, script, size, key):  # noqa: PLR0917
    clinic, email = _UNCHECKED[key], f"newcomer-{script}@example.org"
    with browser.opened(chromium, size=size, script=script) as page:
        an_account_is_made_and_confirmed(page, site, demo_app, email)
        a_second_step_is_set_up(page, site)
        a_draft_is_begun_and_left(page, site, clinic)
        it_is_taken_up_again_and_handed_in(page, site, clinic)

        a_moderator_approves(chromium, site, demo_app, clinic, script=script)

        page.goto(f"{site}/clinics/{clinic.public_id}")
        at_home = page.locator("details.finding", has_text="Offers at-home use")
        expect(at_home).to_contain_text("1 reviewer looked and did not find this sign")
        expect(at_home).to_contain_text(QUOTE)
        page.goto(f"{site}/reviews")
        page.get_by_role("main").get_by_role("link", name=clinic.name).first.click()
        expect(page.get_by_role("main")).to_contain_text(re.compile("approved", re.IGNORECASE))
        expect(page.get_by_role("main")).to_contain_text("until")


def an_account_is_made_and_confirmed(page, site, demo_app, email):
    page.goto(site)
    page.get_by_role("link", name="Take part").click()
    page.get_by_role("link", name=re.compile("account", re.IGNORECASE)).last.click()
    page.get_by_label(re.compile("mail", re.IGNORECASE)).fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    with demo_app.app_context():
        path = link(email)
    page.goto(f"{site}{path}")
    if page.get_by_role("button", name=re.compile("confirm", re.IGNORECASE)).count():
        page.get_by_role("button", name=re.compile("confirm", re.IGNORECASE)).click()
    if "/account/sign-in" not in page.url:
        page.goto(f"{site}/account/sign-in")
    sign_in(page, email)


def sign_in(page, email):
    page.get_by_label(re.compile("mail", re.IGNORECASE)).fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def press(page, button):
    """Press a button that leads to another page, and wait for that page to be there whole."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=button).click()


def a_second_step_is_set_up(page, site):
    page.goto(f"{site}/account/second-step")
    page.get_by_role("button", name="Set it up").click()
    secret = page.locator(".totp-key").inner_text().replace("-", "").strip()
    page.get_by_role("textbox").fill(TOTP(key=secret).generate().token)
    press(page, "Turn it on")
    page.goto(f"{site}/account")
    expect(page.get_by_role("main")).to_contain_text(re.compile("second step", re.IGNORECASE))


def a_draft_is_begun_and_left(page, site, clinic):
    page.goto(f"{site}/clinics/{clinic.public_id}")
    page.get_by_role("link", name="Check this clinic").click()
    page.get_by_label("No tie to this clinic").check()
    page.locator("#at_home_use_offered-value-no").check()
    page.locator("#at_home_use_offered-quote").fill(QUOTE)
    page.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.goto(f"{site}/about")


def it_is_taken_up_again_and_handed_in(page, site, clinic):
    page.goto(f"{site}/reviews")
    page.get_by_role("main").get_by_role("link", name=clinic.name).first.click()
    if "/review" not in page.url.removeprefix(f"{site}/reviews"):
        page.get_by_role("link", name=re.compile("go on|continue", re.IGNORECASE)).first.click()
    expect(page.locator("#at_home_use_offered-quote")).to_have_value(QUOTE)
    page.get_by_role("button", name="Hand in the review").click()

    errors = page.locator(".error-summary")
    expect(errors).to_be_visible()
    expect(page.locator("#at_home_use_offered-quote")).to_have_value(QUOTE)

    page.locator("#at_home_use_offered-link").fill(f"{clinic.website}faq")
    page.locator("#at_home_use_offered-seen").fill("2026-11-20")
    page.get_by_role("button", name="Hand in the review").click()
    expect(page).to_have_url(re.compile(r"/reviews/[\w-]+$"))


def a_moderator_approves(chromium, site, demo_app, clinic, *, script):
    with demo_app.app_context():
        moderator = person(f"moderator-{script}@example.org", role=Role.MODERATOR)
    with browser.opened(chromium, script=script) as page:
        page.goto(f"{site}/moderation")
        sign_in(page, moderator.email)
        page.get_by_role("textbox").fill(moderator.code())
        press(page, "Sign in")
        # Where somebody wanted to go is where they are led.
        expect(page).to_have_url(f"{site}/moderation")
        # Counting waits for nothing: the page has to be there whole.
        while not page.get_by_role("main").get_by_role("link", name=clinic.name).count():
            with page.expect_navigation():
                page.get_by_role("main").get_by_role("link", name="The next in the queue").click()
        page.get_by_role("main").get_by_role("link", name=clinic.name).first.click()
        page.get_by_label("Accept", exact=True).check()
        press(page, "Approve")
        expect(page).to_have_url(re.compile("/moderation"))
