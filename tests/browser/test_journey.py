"""A tired person looks for a clinic: home, results, a clinic, and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.support import browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", [browser.PHONE, browser.DESK], ids=["390", "1280"])
def test_from_home_to_a_clinic_and_back(chromium, site, size, script):
    with browser.opened(chromium, size=size, script=script) as page:
        page.goto(site)
        expect(page.get_by_role("link", name="988")).to_be_visible()

        page.get_by_label("ZIP, city or address").fill("63101")
        page.get_by_label("Within").select_option("50")
        page.get_by_role("main").get_by_role("button", name="Search").click()

        expect(page.get_by_role("heading", level=1)).to_contain_text("within 50 miles of Saint Louis, MO 63101")
        first = page.locator(".listing h3 a").first
        name, results = first.inner_text(), page.url
        first.click()

        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.get_by_role("heading", name="Facts, with their source")).to_be_visible()
        assert "near" not in page.url
        page.get_by_role("link", name="Back to your results").click()

        expect(page).to_have_url(results)
        expect(page.locator(".listing h3 a").first).to_have_text(name)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_ambiguous_city_is_chosen_from_a_list(chromium, site, script):
    with browser.opened(chromium, size=browser.PHONE, script=script) as page:
        page.goto(site)
        browser.search(page, "Springfield")

        page.get_by_role("link", name="Springfield, MO").click()

        expect(page.get_by_role("heading", level=1)).to_contain_text("of Springfield, MO")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_filters_are_opened_applied_and_taken_off(chromium, site, script):
    with browser.opened(chromium, size=browser.PHONE, script=script) as page:
        page.goto(f"{site}/search?near=63101&radius=100")
        before = page.locator(".listing").count()
        page.get_by_text("Narrow the results").click()
        page.get_by_label("IV infusion").check()
        page.get_by_role("button", name="Apply").click()

        expect(page.get_by_text("Only clinics that say they give “IV infusion”.")).to_be_visible()
        page.wait_for_load_state()  # counting waits for nothing
        assert page.locator(".listing").count() < before
        page.locator("a.chip", has_text="IV infusion").click()

        expect(page.locator(".listing")).to_have_count(before)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_checked_clinics_are_asked_for_and_then_ordered_by_their_signs(chromium, site, script):
    with browser.opened(chromium, size=browser.PHONE, script=script) as page:
        page.goto(f"{site}/search?near=Chicago,+IL&radius=100")
        page.get_by_text("Narrow the results").click()
        page.get_by_label("No confirmed warning sign (unchecked included)").check()
        page.get_by_label("Signs checked").select_option("3")
        page.get_by_role("button", name="Apply").click()

        expect(page.locator("a.chip", has_text="At least 3 of 5 checked")).to_be_visible()
        expect(page.locator(".listing").first).to_be_visible()
        page.wait_for_load_state()
        assert page.locator(".listing .is-confirmed").count() == 0
        page.get_by_label("Order", exact=True).select_option("Fewest warning signs first")
        page.get_by_role("main").get_by_role("button", name="Search").click()

        expect(page.locator("a.chip")).to_have_count(2)
        page.wait_for_load_state()
        ranges = page.locator(".listing .score .num").all_inner_texts()
        worst_cases = [int(re.search(r"[0-9]+", text)[0]) for text in ranges]
        assert len(worst_cases) == page.locator(".listing").count()
        assert worst_cases == sorted(worst_cases, reverse=True)


def test_the_whole_journey_works_by_keyboard_alone(chromium, site):
    with browser.opened(chromium) as page:
        page.goto(site)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        press_until(page, "near")
        page.keyboard.type("Saint Louis, MO")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?**")

        heading = page.locator(".listing h3 a").first
        for _ in range(60):
            page.keyboard.press("Tab")
            if heading.evaluate("link => link === document.activeElement"):
                break
        page.keyboard.press("Enter")

        page.wait_for_url("**/clinics/**")


def press_until(page, element_id):
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == element_id:
            return
    raise AssertionError(f"no way to #{element_id} by keyboard")
