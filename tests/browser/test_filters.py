"""The filters in Chromium: one form, with JavaScript and without, folded on a phone and in a rail on a desk."""

import pytest
from playwright.sync_api import expect

from tests.support import browser

RESULTS = "/search?near=60601&radius=50"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_filters_are_set_counted_and_taken_off_by_keyboard_and_click(chromium, site, script):
    with browser.opened(chromium, size=browser.PHONE, script=script) as page:
        page.goto(site + RESULTS)
        page.get_by_text("Narrow the results").click()
        group = page.locator("details.facet", has_text="Clinic says it treats")
        expect(group).not_to_have_attribute("open", "")
        group.locator("summary").focus()
        page.keyboard.press("Enter")
        box = group.get_by_role("checkbox", name="Chronic pain")
        expect(box).to_be_visible()
        promised = int(box.locator("xpath=..").locator(".num").inner_text())
        box.check()
        page.get_by_role("button", name="Apply").click()

        expect(page.get_by_role("heading", level=1)).to_contain_text(f"{promised} clinic")
        page.wait_for_load_state()
        expect(page.get_by_text("Only clinics that say they treat “Chronic pain”.")).to_be_visible()
        assert "condition=chronic_pain" in page.url
        assert page.locator("ol.card-list article").count() == promised > 0

        page.get_by_role("link", name="Chronic pain").click()
        expect(page.get_by_text("Only clinics")).to_have_count(0)
        page.wait_for_load_state()
        assert "condition" not in page.url
