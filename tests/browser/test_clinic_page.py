"""Somebody hands a clinic's page on, or takes it along on paper."""

import pytest
from playwright.sync_api import expect

from tests.support import browser
from tests.support.pages import PAGES

CLINIC = PAGES["clinic-1"]
COPY, SHARE, PRINT = "Copy the link", "Share…", "Print this page"


def test_the_address_is_copied_without_asking_anybody_else(chromium, site):
    with browser.opened(chromium, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{site}{CLINIC}?near=63101")
        shown = page.locator("#share-address").inner_text()
        page.get_by_role("button", name=COPY).click()

        expect(page.locator("#share [role=status]")).to_have_text("The link is copied.")
        assert page.evaluate("navigator.clipboard.readText()") == shown
        assert "near" not in shown
        assert {address.partition("/clinics/")[0] for address in page.requested if "/clinics/" in address} == {site}


def test_where_copying_is_refused_the_address_is_selected_to_be_copied_by_hand(chromium, site):
    with browser.opened(chromium) as page:
        page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
        page.goto(site + CLINIC)
        page.get_by_role("button", name=COPY).click()

        expect(page.locator("#share [role=status]")).to_contain_text("Select the link")
        assert page.evaluate("getSelection().toString().trim()") == page.locator("#share-address").inner_text()


def test_a_device_with_a_menu_for_sharing_is_given_the_address_alone(chromium, site):
    with browser.opened(chromium, size=browser.PHONE) as page:
        page.add_init_script("navigator.canShare = () => true")
        page.add_init_script("navigator.share = async (data) => { window.shared = data; }")
        page.goto(site + CLINIC)
        page.get_by_role("button", name=SHARE).click()

        shared = page.evaluate("window.shared")
        assert shared["url"] == page.locator("#share-address").inner_text()
        assert set(shared) == {"title", "url"}


def test_without_script_the_address_stands_there_and_no_button(chromium, site):
    with browser.opened(chromium, size=browser.PHONE, script=False) as page:
        page.goto(site + CLINIC)

        expect(page.locator("#share-address")).to_be_visible()
        for name in (COPY, SHARE, PRINT):
            assert page.get_by_role("button", name=name).count() == 0


@pytest.mark.parametrize("name", ["clinic-1", "clinic-9"])
def test_on_paper_stand_phone_signs_and_address_and_nothing_to_press(chromium, site, name):
    with browser.opened(chromium) as page:
        page.goto(site + PAGES[name])
        page.emulate_media(media="print")

        for shown in (".only-print >> nth=0", ".signs >> nth=0", "#share-address", ".crisis"):
            expect(page.locator(shown)).to_be_visible()
        for gone in (".menu", ".leave", "#share button >> nth=0", "main .actions >> nth=0", ".with-aside > aside"):
            expect(page.locator(gone)).to_be_hidden()
        assert page.locator("details:not(.no-print) > summary ~ *").evaluate_all(
            "parts => parts.every(part => part.checkVisibility())"
        )
