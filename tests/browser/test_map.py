"""The map beside the results: one with the list, reached by keyboard, and nobody else is asked for anything."""

import re

import pytest
from playwright.sync_api import expect

from directory import create_app
from tests.support import browser

RESULTS = "/search?near=Los+Angeles,+CA&radius=25&no_confirmed=1&sort=name"
#: Two of these stand so close together that they have one mark.
CLOSE = "/search?near=Los+Angeles,+CA&radius=100&no_confirmed=1"
#: A page as full as pages are.
FULL = "/search?near=New+York,+NY&radius=100"
MOST_BYTES, MOST_REQUESTS = 130_000, 12
POINTED = re.compile("is-pointed")


def test_what_is_pointed_at_in_the_list_shows_on_the_map_and_the_other_way_round(page, site):
    drawn(page, site + RESULTS)
    row, pin = page.locator("#c1"), page.locator("a.pin[href='#c1']")

    row.hover()
    expect(pin).to_have_class(POINTED)
    page.locator("h1").hover()
    expect(pin).not_to_have_class(POINTED)

    pin.hover()
    expect(row).to_have_class(POINTED)
    expect(page.locator(".listing.is-pointed")).to_have_count(1)

    # A clinic that has no mark of its own there is in that of a few.
    page.locator("#c2 h3 a").focus()
    expect(page.locator(".cluster")).to_have_class(POINTED)


def test_a_pin_is_named_shows_the_signs_of_its_row_and_leads_to_it(page, site):
    drawn(page, site + RESULTS)
    row, pin = page.locator("#c1"), page.locator("a.pin[href='#c1']")
    name, grade = row.locator("h3").inner_text(), row.locator(".grade").inner_text()
    states = [sign.get_attribute("class") for sign in row.locator(".signs > li").all()]

    expect(pin).to_have_attribute("aria-label", f"1. {name}: {grade}")
    assert [sign.get_attribute("class") for sign in pin.locator("g").all()] == states
    pin.press("Enter")
    page.wait_for_url("**#c1")


def test_the_map_can_be_skipped_and_all_of_it_works_by_keyboard(page, site):
    drawn(page, site + CLOSE)
    page.locator("#map a.skip").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#c1 h3 a")).to_be_focused()

    page.get_by_role("button", name="2 clinics close together, numbers 1 and 3. Zoom in.").press("Enter")
    expect(page.locator("a.pin[href='#c1']")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("a.pin[href='#c2']")).to_be_focused()

    page.get_by_role("group", name="Map. The arrow keys move it").press("ArrowRight")
    expect(page.get_by_role("button", name="Search this area")).to_be_visible()
    expect(page.get_by_role("button", name="Zoom in")).to_have_attribute("title", "Zoom in")


@pytest.mark.security(56)
def test_another_area_is_searched_with_the_same_filters_around_a_rounded_point(page, site):
    drawn(page, site + RESULTS + "&limit=5#c1")
    again = page.get_by_role("button", name="Search this area")
    expect(again).to_be_hidden()

    page.get_by_role("group", name="Map.").press("ArrowDown")
    again.click()
    page.wait_for_url(re.compile("near=33"))

    assert re.search(r"/search\?near=33\.\d\d%2C\+-118\.\d\d&radius=25&no_confirmed=1&sort=name&limit=5$", page.url)
    expect(page.locator("h1")).to_contain_text("within 25 miles of 33.")


def test_a_wider_look_is_a_wider_search(page, site):
    drawn(page, site + RESULTS)

    page.get_by_role("button", name="Zoom out").click()
    page.get_by_role("button", name="Search this area").click()

    page.wait_for_url("**radius=50**")


@pytest.mark.security(56)
def test_the_map_suits_axe_moves_nothing_by_itself_and_asks_nobody_else(page, site):
    drawn(page, site + CLOSE)
    page.get_by_role("button", name="Zoom out").click()
    expect(page.get_by_role("button", name="Search this area")).to_be_visible()

    assert browser.violations(page) == []
    assert browser.scrolls_sideways(page, [320, 1120, 1280]) == []
    expect(page.locator(".leaflet-zoom-anim, .leaflet-fade-anim")).to_have_count(0)
    assert [address for address in page.requested if not address.startswith((site, "data:"))] == []
    page.emulate_media(media="print")
    expect(page.locator("#map")).to_be_hidden()


def test_a_phone_loads_the_map_only_when_it_is_asked_for(chromium, site):
    with browser.opened(chromium, size=browser.PHONE, reduced_motion="reduce") as page:
        page.goto(site + RESULTS)
        page.wait_for_load_state("networkidle")
        assert not any("leaflet" in address or "outlines" in address for address in page.requested)

        page.get_by_role("button", name="Show the map").click()
        expect(page.locator("a.pin[href='#c1']")).to_be_visible()
        expect(page.get_by_role("group", name="Map.")).to_be_focused()
        assert any("leaflet" in address for address in page.requested)


def test_without_script_there_is_no_map_and_the_list_is_whole(chromium, site):
    with browser.opened(chromium, script=False) as page:
        page.goto(site + RESULTS)

        expect(page.locator("#map")).to_be_hidden()
        expect(page.locator("#c1 h3 a")).to_be_visible()


def test_a_map_that_does_not_come_says_so(page, site):
    page.route("**/leaflet.js", lambda route: route.abort())
    page.goto(site + RESULTS)

    expect(page.get_by_text("The map could not be loaded. The list has everything that is on it.")).to_be_visible()


def test_pictures_come_from_the_host_of_the_setting_and_from_no_other(page, demo_app, tmp_path):
    tiles = "http://127.0.0.1:9/{z}/{x}/{y}.png"
    settings = {"DATABASE_URL": demo_app.config["SQLALCHEMY_DATABASE_URI"], "MAP_TILES_URL": tiles, "DEMO": "1"}
    page.route("http://127.0.0.1:9/**", lambda route: route.fulfill(body="", content_type="image/png"))
    with browser.served(create_app(settings, instance_path=tmp_path)) as site:
        drawn(page, site + RESULTS)
        expect(page.locator(".leaflet-tile").first).to_be_attached()

        elsewhere = [address for address in page.requested if not address.startswith((site, "data:"))]
    assert elsewhere
    assert all(re.fullmatch(r"http://127\.0\.0\.1:9/\d+/\d+/\d+\.png", address) for address in elsewhere)
    assert not any("outlines" in address for address in page.requested)


def test_a_full_page_of_results_with_its_map_is_light(page, site):
    answers = []
    page.on("requestfinished", lambda answer: answers.append(answer.sizes()["responseBodySize"]))
    drawn(page, site + FULL)
    page.wait_for_load_state("networkidle")

    assert page.locator(".listing[data-at]").count() == 20
    assert len(answers) <= MOST_REQUESTS
    assert sum(answers) <= MOST_BYTES


@pytest.fixture
def page(chromium):
    with browser.opened(chromium, reduced_motion="reduce") as page:
        yield page


def drawn(page, address):
    page.goto(address)
    expect(page.locator("#map.is-drawn .map-pin").first).to_be_attached()
