"""Every page in Chromium: what axe finds, what it asks for, and whether it fits."""

import pytest

from tests.support import browser
from tests.support.pages import ADDRESSES, PAGES
from tests.support.walks import LANGUAGES

WIDTHS = (320, 390, 640, 768, 1280, 2560)
#: Both sizes and both themes in either language, swapped from page to page; `make pictures` sees all of each.
LOOKS = (browser.LOOKS[0::2], browser.LOOKS[1::2])


@pytest.mark.security(56)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_suits_axe_fits_every_screen_and_asks_nobody_else_for_anything(walked, site, name, language):
    page = walked
    page.requested.clear()
    page.goto(site + ("" if language == "en" else f"/{language}") + ADDRESSES[name])
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")

    number = list(ADDRESSES).index(name) + LANGUAGES.index(language)
    assert browser.violations(page, LOOKS[number % len(LOOKS)]) == []
    for width in WIDTHS:
        assert browser.scrolls_sideways(page, [width]) == []
        assert not squeezes_the_place(page), width
    assert page.requested
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


@pytest.fixture(scope="module")
def walked(chromium):
    """One window for all pages: opening one takes longer than most of them."""
    with browser.opened(chromium, reduced_motion="reduce") as page:
        yield page


def squeezes_the_place(page):
    box = page.locator("#near")
    return bool(box.count()) and box.bounding_box()["width"] < 160
