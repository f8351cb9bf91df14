"""Every page in Chromium: what axe finds, what it asks for, and whether it fits."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support import browser
from tests.support.pages import PAGES

AXE = Axe()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [browser.PHONE, browser.DESK], ids=["390", "1280"])
def test_axe_finds_nothing_on_any_page(chromium, site, theme, size):
    with browser.opened(chromium, size=size, theme=theme) as page:
        for name in PAGES:
            go_to(page, site, name)
            found = AXE.run(page).response["violations"]
            assert not found, (name, [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found])


@pytest.mark.parametrize("width", [320, 390, 640, 768, 1280, 2560])
def test_no_page_scrolls_sideways_or_squeezes_the_place(chromium, site, width):
    with browser.opened(chromium, size={"width": width, "height": 800}) as page:
        for name in PAGES:
            go_to(page, site, name)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            box = page.locator("#near")
            assert box.count() == 0 or box.bounding_box()["width"] >= 160, name


@pytest.mark.security(56)
def test_no_page_asks_anybody_else_for_anything(chromium, site):
    with browser.opened(chromium) as page:
        for name in PAGES:
            go_to(page, site, name)

        assert len(page.requested) > len(PAGES)
        assert [address for address in page.requested if not address.startswith((site, "data:"))] == []


@pytest.mark.security(56)
def test_a_location_is_rounded_before_it_leaves_the_device(chromium, site):
    place = {"latitude": 38.627003, "longitude": -90.199404}
    with browser.opened(chromium, geolocation=place, permissions=["geolocation"]) as page:
        page.goto(site)
        page.get_by_role("button", name="Use my location").click()
        page.wait_for_url("**/search?**")

        assert "near=38.63%2C+-90.20&" in page.url
        assert [address for address in page.requested if "38.627" in address or "90.199" in address] == []


def test_a_refused_location_is_said_and_the_search_box_is_next(chromium, site):
    with browser.opened(chromium) as page:
        page.goto(site)
        page.get_by_role("button", name="Use my location").click()

        page.get_by_text("Your browser did not tell where you are.").wait_for()
        assert page.evaluate("document.activeElement.id") == "near"


def test_without_script_there_is_no_button_that_does_nothing(chromium, site):
    with browser.opened(chromium, script=False) as page:
        page.goto(site)

        assert page.get_by_role("button", name="Use my location").count() == 0


def test_no_page_puts_anything_into_the_console(chromium, site):
    """Chromium writes there whatever the content security policy has refused."""
    with browser.opened(chromium) as page:
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for name, path in PAGES.items():
            if name.startswith(("place", "invalid", "not-found")):
                continue  # Chromium notes the status of these
            page.goto(site + path)

        assert said == []


def go_to(page, site, name):
    """Open a page with everything on it unfolded."""
    page.goto(site + PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
