"""The suggestions under the search box: by keyboard, by mouse and by finger, as a screen reader is told of them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support import browser

AXE = Axe()
RESULTS = "/search?near=63101&radius=50"


def test_a_place_is_chosen_by_the_arrows_and_nothing_is_sent_until_it_is_asked_for(chromium, site):
    with browser.opened(chromium) as page:
        box = typed(page, site, "saint lo")
        expect(box).to_have_attribute("aria-expanded", "true")
        expect(box).not_to_have_attribute("aria-activedescendant", "near-option-0")

        page.keyboard.press("ArrowDown")
        first = page.locator("#near-option-0")
        expect(box).to_have_attribute("aria-activedescendant", "near-option-0")
        expect(first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("listbox").get_by_role("option").last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

        expect(box).to_have_value("Saint Louis, MO")
        expect(box).to_have_attribute("aria-expanded", "false")
        assert page.url == f"{site}/"
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("of Saint Louis, MO")


def test_enter_searches_for_what_was_typed_where_nothing_is_chosen(chromium, site):
    with browser.opened(chromium) as page:
        typed(page, site, "Saint Louis, MO")

        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_contain_text("of Saint Louis, MO")


def test_escape_and_tab_close_the_list_and_keep_what_was_typed(chromium, site):
    with browser.opened(chromium) as page:
        box = typed(page, site, "saint lo")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_value("saint lo")
        expect(box).to_be_focused()

        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")

        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_value("saint lo")
        expect(page.get_by_label("Within")).to_be_focused()


def test_how_many_there_are_is_said_and_so_is_that_there_are_none(chromium, site):
    with browser.opened(chromium) as page:
        box = typed(page, site, "paper kite")
        said = page.locator(".combo [role=status]")
        expect(said).to_have_text("1 suggestion. Use the arrow keys to choose.")

        box.fill("saint lo")
        expect(said).to_have_text("5 suggestions. Use the arrow keys to choose.")
        box.fill("qwxyzzy")
        expect(said).to_have_text("No suggestion.")
        expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_clinic_says_where_it_is_and_opens_its_page(chromium, site):
    with browser.opened(chromium, size=browser.PHONE, has_touch=True) as page:
        typed(page, site, "paper kite")
        option = page.get_by_role("option", name="Paper Kite Infusion Center")
        expect(option).to_contain_text("Clinic in Huntsville, AL: opens its page")
        assert option.bounding_box()["height"] >= 44

        option.tap()

        expect(page.get_by_role("heading", level=1)).to_have_text("Paper Kite Infusion Center")


def test_the_same_is_asked_once_and_two_letters_are_not_asked_for(chromium, site):
    with browser.opened(chromium) as page:
        box = typed(page, site, "saint lo")
        box.fill("sa")
        expect(page.get_by_role("listbox")).to_be_hidden()
        box.fill("saint lo")
        expect(page.get_by_role("listbox")).to_be_visible()

        assert [url.partition("q=")[2] for url in page.requested if "/api/" in url] == ["saint%20lo"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_with_the_list_open(chromium, site, theme):
    for size in (browser.PHONE, browser.DESK):
        with browser.opened(chromium, size=size, theme=theme) as page:
            typed(page, site, "walrus", path=RESULTS)
            page.keyboard.press("ArrowDown")
            expect(page.locator("#near-option-0")).to_have_attribute("aria-selected", "true")

            assert AXE.run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_list_fits_at_twice_the_size_of_text(chromium, site):
    with browser.opened(chromium, size={"width": 640, "height": 800}) as page:
        page.goto(site)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        page.get_by_label("ZIP, city or address").press_sequentially("paper kite")
        expect(page.get_by_role("listbox")).to_be_visible()

        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_without_script_the_box_is_a_plain_field_that_finds_the_same(chromium, site):
    with browser.opened(chromium, script=False) as page:
        page.goto(site)
        box = page.get_by_label("ZIP, city or address")
        assert box.get_attribute("role") is None
        browser.search(page, "papr kite")

        expect(page.locator(".listing h3 a").first).to_have_text("Paper Kite Infusion Center")


def typed(page, site, text, path="/"):
    """Open a page, type into its search box, and return the box once the list is there."""
    page.goto(site + path)
    box = page.get_by_label("ZIP, city or address")
    box.fill("")
    box.press_sequentially(text)
    expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    return box
