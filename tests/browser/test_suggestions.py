"""Suggestions about listings in Chromium: handed in on a phone without a script, decided by keyboard alone."""

import pytest
from playwright.sync_api import expect

from directory.models import Clinic, Revision
from directory.models.base import now
from tests.conftest import emptied_after
from tests.support import browser, keyboard
from tests.support.accounts import person, signed_in_client
from tests.support.reviews import account, reviewed_clinic
from tests.support.suggestions import suggested
from tests.support.tables import rows

NUMBER = 5


@pytest.fixture
def app(sqlite_app):
    with emptied_after(sqlite_app) as app:
        yield app


@pytest.fixture
def site(app):
    with browser.served(app) as address:
        yield address


def test_a_clinic_is_proposed_on_a_phone_without_a_script(chromium, app, site):
    reviewed_clinic(name="Copper Snail", phone="+13095550142", city="Peoria", state="IL")
    with browser.opened(chromium, size=browser.PHONE, script=False) as page:
        browser.enter(page, site, signed_in_client(app, person()))
        page.goto(f"{site}/search?near=Nome, AK")
        page.get_by_role("link", name="Propose it").click()
        page.get_by_label("Name of the clinic").fill("Copper Snail Ketamine")
        page.get_by_label("City").fill("Peoria")
        page.get_by_label("State", exact=True).select_option("Illinois")
        page.get_by_label("Telephone").fill("309 555 0142")
        page.get_by_role("button", name="Hand in the proposal").last.click()
        expect(page.get_by_role("link", name="In your own words")).to_be_visible()
        page.get_by_label("Or how else").fill("I called them.")
        page.get_by_label("Day on which").fill(now().date().isoformat())
        page.get_by_label("In your own words").fill("They offer infusions.")
        page.get_by_label("No tie to this clinic").check()
        page.get_by_role("button", name="Hand in the proposal").last.click()
        expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
        expect(page.get_by_label("No tie to this clinic")).to_be_checked()

        page.get_by_role("button", name="It is none of these").first.click()

        expect(page.get_by_role("heading", name="Waiting for a moderator")).to_be_visible()
        page.get_by_text("Take it back", exact=True).click()
        page.get_by_role("button", name="Yes, take it back").click()
        expect(page.get_by_text("You took it back.")).to_be_visible()
    assert [row.status for row in rows(Clinic, Clinic.name == "Copper Snail Ketamine")] == ["withdrawn"]


def test_a_moderator_decides_on_suggestions_by_keyboard_alone(chromium, site):
    author = account(role=None)
    handed_in = [suggested(reviewed_clinic(name=f"Teapot {each}"), author, at=now()) for each in range(NUMBER)]
    with browser.opened(chromium) as page:
        keyboard.sign_in(page, site, keyboard.moderator())
        page.requested.clear()

        for said in ["approved"] * (NUMBER - 1) + ["declined"]:
            page.wait_for_load_state()  # before it the page does not listen to keys
            page.keyboard.press("n")
            expect(page.locator("#decide")).to_be_visible()
            page.wait_for_load_state()
            if said == "approved":
                page.keyboard.press("y")
            else:
                page.keyboard.press("r")
                expect(page.locator("#reason")).to_be_focused()
                page.keyboard.type("The source")
                expect(page.locator("#words")).not_to_have_value("")
                for _ in range(5):
                    page.keyboard.press("Tab")
                expect(page.get_by_role("button", name="Decline")).to_be_focused()
                page.keyboard.press("Enter")
            expect(page.get_by_text(f"You {said} what was suggested about")).to_be_visible()

        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
        pages = [url for url in page.requested if "/moderation" in url]
    assert len(pages) == 4 * NUMBER
    decided = {row.public_id: row.status for row in rows(Revision)}
    assert [decided[each] for each in handed_in] == ["approved"] * (NUMBER - 1) + ["declined"]
