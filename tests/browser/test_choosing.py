"""Somebody weighs a few clinics: puts them aside, sets them side by side, and leaves in a hurry."""

from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support import browser
from tests.support.pages import PAGES

NEUTRAL = "https://www.weather.gov/"
RESULTS, CLINIC, OTHER = PAGES["results"], PAGES["clinic-1"], PAGES["clinic-2"]
KEPT = "JSON.parse(localStorage.getItem('shortlist'))"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_clinics_are_ticked_compared_taken_off_and_added(chromium, site, script):
    with browser.opened(chromium, size=browser.PHONE, script=script) as page:
        page.goto(site + RESULTS)
        names = page.locator(".listing h3 a").all_inner_texts()[:3]
        for box in page.locator("[name=clinic]").all()[:3]:
            box.check()
        page.get_by_role("main").get_by_role("button", name="Compare", exact=True).click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Three clinics side by side")
        expect(page.locator(".compare thead a")).to_have_text(names)
        page.get_by_role("link", name=f"{names[1]} (take off)").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Two clinics side by side")
        expect(page.locator(".compare thead a")).to_have_text([names[0], names[2]])
        page.get_by_role("link", name=f"Add {names[1]}").click()

        expect(page.locator(".compare thead a")).to_have_text([names[0], names[2], names[1]])


def test_a_clinic_is_put_aside_and_compared_by_keyboard_alone(chromium, site):
    with browser.opened(chromium) as page:
        for address in (CLINIC, OTHER):
            page.goto(site + address)
            page.get_by_role("button", name="Shortlist").focus()
            page.keyboard.press("Space")
            expect(page.get_by_role("button", name="Shortlist")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("link", name="Your shortlist (2)").focus()
        page.keyboard.press("Enter")

        expect(page.locator("#shortlist-clinics > li")).to_have_count(2)
        assert Axe().run(page).response["violations"] == []
        assert page.locator("#shortlist-clinics .name").all_inner_texts()[:3] == ["At home", "No history", "No doctor"]
        page.get_by_role("button", name="Compare the ticked ones").focus()
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Two clinics side by side")


def test_the_list_is_kept_in_the_browser_alone_and_goes_with_one_click(chromium, site):
    with browser.opened(chromium, size=browser.PHONE) as page:
        page.goto(site + RESULTS)
        buttons = page.get_by_role("main").get_by_role("button", name="Shortlist")
        for place in (0, 1, 2):
            buttons.nth(place).click()
        buttons.nth(1).click()
        assert len(page.evaluate(KEPT)) == 2
        before = len(page.requested)
        asked = []
        page.route("**/api/**", lambda route: (asked.append(route.request), route.continue_()))
        page.goto(f"{site}/shortlist")
        expect(page.locator("#shortlist-clinics > li")).to_have_count(2)

        assert [request.url.rpartition("/")[2] for request in asked] == page.evaluate(KEPT)
        assert not [request for request in asked if {"cookie", "referer"} & request.all_headers().keys()]
        assert len(page.requested) - before < 12
        page.get_by_role("button", name="Take off").first.click()
        expect(page.get_by_role("status")).to_contain_text("Taken off:")
        expect(page.get_by_role("button", name="Take off")).to_be_focused()

        page.get_by_role("button", name="Clear the whole list").click()

        expect(page.get_by_role("status")).to_contain_text("Your list is empty.")
        expect(page.get_by_role("main").get_by_role("link", name="Search for clinics")).to_be_focused()
        assert page.evaluate("localStorage.length") == 0


def test_what_is_no_longer_listed_can_be_taken_off(chromium, site):
    with browser.opened(chromium) as page:
        page.goto(site)
        page.evaluate("localStorage.setItem('shortlist', '[\"nobody-there\"]')")
        page.goto(f"{site}/shortlist")
        expect(page.get_by_text("A clinic on your list is not listed here any more.")).to_be_visible()

        page.get_by_role("button", name="Take it off").click()

        assert page.evaluate("localStorage.length") == 0


def test_a_listing_that_was_joined_with_another_gives_way_to_it_on_the_list(chromium, site):
    stays = CLINIC.rpartition("/")[2]
    with browser.opened(chromium) as page:
        page.goto(site)
        page.evaluate("ids => localStorage.setItem('shortlist', JSON.stringify(ids))", ["joined", stays, "and-another"])
        leads_on = {"status": 301, "headers": {"Location": f"/api/v1/clinics/{stays}"}}
        for merged in ("joined", "and-another"):
            page.route(f"**/api/v1/clinics/{merged}", lambda route: route.fulfill(**leads_on))
        page.goto(f"{site}/shortlist")

        expect(page.locator("#shortlist-clinics > li")).to_have_count(1)
        expect(page.get_by_role("status")).to_have_text("")
        assert page.evaluate(KEPT) == [stays]


@pytest.mark.parametrize("kept", ["not json", '{"a": 1}', '["<img>", 7, null]'])
def test_what_somebody_else_wrote_into_the_storage_breaks_nothing(chromium, site, kept):
    with browser.opened(chromium) as page:
        page.goto(site)
        page.evaluate("text => localStorage.setItem('shortlist', text)", kept)
        page.goto(f"{site}/shortlist")

        expect(page.get_by_role("status")).to_contain_text("Nothing is on your list yet.")


def test_without_script_no_button_stands_there_and_the_page_says_what_to_do_instead(chromium, site):
    with browser.opened(chromium, script=False) as page:
        for address in (RESULTS, CLINIC):
            page.goto(site + address)
            assert page.get_by_role("button", name="Shortlist").count() == 0
        page.goto(f"{site}/shortlist")

        expect(page.get_by_text("scripts are off here")).to_be_visible()
        expect(page.locator("#shortlist")).to_be_hidden()
        page.goto(site + PAGES["questions-1"])
        assert page.get_by_role("button", name="Print").count() == 0


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize("name", ["questions-1", "questions-9"])
def test_a_sheet_of_questions_fits_on_two_pages(chromium, site, paper, name):
    margins = dict.fromkeys(("top", "right", "bottom", "left"), "0.5in")
    with browser.opened(chromium) as page:
        page.goto(site + PAGES[name])

        printed = page.pdf(format=paper, margin=margins)

        assert printed.count(b"/Type /Page") - printed.count(b"/Type /Pages") == 2


@pytest.mark.parametrize("way", ["link", "keys"])
def test_leaving_puts_another_page_in_the_place_of_ours_and_clears_the_list(chromium, site, way):
    with left_for_nowhere(chromium) as page:
        page.goto(f"{site}/about")
        page.goto(site + CLINIC)
        page.get_by_role("button", name="Shortlist").click()
        if way == "link":
            page.get_by_role("link", name="Leave quickly").click()
        else:
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
        page.wait_for_url(NEUTRAL)

        page.go_back()

        expect(page).to_have_url(f"{site}/about")
        assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("field", ["#near", "#radius"])
def test_escape_leaves_nothing_where_it_has_a_use_of_its_own(chromium, site, field):
    with left_for_nowhere(chromium) as page:
        page.goto(site)
        page.locator(field).focus()
        for _ in range(3):
            page.keyboard.press("Escape")
        page.locator("h1").click()
        page.keyboard.press("Escape")

        expect(page).to_have_url(f"{site}/")


def test_without_script_the_way_out_is_a_link(chromium, site):
    with left_for_nowhere(chromium, script=False) as page:
        page.goto(site)
        page.get_by_role("link", name="Leave quickly").click()

        page.wait_for_url(NEUTRAL)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_way_out_is_large_in_sight_at_once_and_covers_nothing_at_the_end(chromium, site, width):
    with browser.opened(chromium, size={"width": width, "height": 640}) as page:
        for address in ("/", RESULTS, "/shortlist"):
            page.goto(site + address)
            way = page.locator("#leave")
            box = way.bounding_box()
            assert min(box["height"], box["width"]) >= 44
            assert box["y"] + box["height"] <= 640
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            last = page.locator(".colophon").bounding_box()
            strip = way.bounding_box()
            assert strip["y"] < 0 or last["y"] + last["height"] <= strip["y"] + 1


def test_a_compare_bar_stays_in_sight_once_a_clinic_is_ticked(chromium, site):
    with browser.opened(chromium, size=browser.PHONE) as page:
        page.goto(site + RESULTS)
        button = page.get_by_role("main").get_by_role("button", name="Compare", exact=True)
        first = page.locator("[name=clinic]").first
        first.scroll_into_view_if_needed()
        first.check()

        expect(button).to_be_in_viewport()


@contextmanager
def left_for_nowhere(chromium, **options):
    """Open a page for which the neutral one is an empty one of ours: no test asks anybody else."""
    with browser.opened(chromium, **options) as page:
        page.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
        yield page


def test_of_four_clinics_beside_each_other_a_phone_shows_the_way_to_each_page(chromium, site):
    with browser.opened(chromium, size=browser.PHONE) as page:
        page.goto(site + PAGES["compare-4"])

        places = [link.bounding_box() for link in page.locator(".compare thead a").all()]

        assert len(places) == 4
        assert all(0 <= place["x"] < browser.PHONE["width"] for place in places)
