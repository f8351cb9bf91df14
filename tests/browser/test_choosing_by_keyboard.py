"""Somebody finds, weighs and leaves by the keyboard alone: with JavaScript, and without where it does as much."""

import pytest
from playwright.sync_api import expect

from tests.support import browser
from tests.support.keyboard import push, reach
from tests.support.pages import ADDRESSES

NEUTRAL = "https://www.weather.gov/"
RESULTS = ADDRESSES["results"]
#: Everybody passes these before the way out: skipping to the content, and the two numbers to call.
BEFORE_THE_WAY_OUT = 3
#: The name of what has the focus, and what a person misses who looks for it.
MISSED = """() => {
  const held = document.activeElement, { left, top, width, height } = held.getBoundingClientRect();
  if (held === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(held);
  const shown = document.elementFromPoint(left + width / 2, top + height / 2);
  const isSeen = shown && (held.contains(shown) || shown.contains(held));
  const missed = [outlineStyle === "none" || outlineWidth === "0px" ? "a ring" : "", isSeen ? "" : "in sight"];
  return [held.outerHTML.slice(0, 80), missed.filter(Boolean).join()];
}"""


def a_clinic_is_found_by_a_name_nobody_finished(page, site, script):
    page.goto(site)
    box = page.get_by_label("ZIP, city or address")
    reach(page, box)
    page.keyboard.type("paper kite")
    if not script:
        page.keyboard.press("Enter")
        expect(page.locator(".listing h3 a").first).to_be_visible()
        page.wait_for_load_state()
        push(page, page.locator(".listing h3 a", has_text="Paper Kite Infusion Center"))
    else:
        expect(page.get_by_role("option", name="Paper Kite Infusion Center")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_value("paper kite")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option", name="Paper Kite")).to_have_attribute("aria-selected", "true")
        expect(box).to_be_focused()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper Kite Infusion Center")


def clinics_are_ticked_compared_and_taken_off(page, site, script):
    page.goto(site + RESULTS)
    names = page.locator(".listing h3 a").all_inner_texts()[:2]
    for box in page.locator(".listing [name=clinic]").all()[:2]:
        push(page, box, "Space")
        expect(box).to_be_checked()
    push(page, page.get_by_role("main").get_by_role("button", name="Compare", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Two clinics side by side")
    page.wait_for_load_state()
    push(page, page.get_by_role("link", name=f"{names[0]} (take off)"))
    expect(page.locator(".compare thead a")).to_have_text([names[1]])


def somebody_leaves_in_a_hurry(page, site, script):
    # No test asks anybody else.
    page.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
    page.goto(site + ADDRESSES["clinic-1"])
    reach(page, page.get_by_role("link", name="Leave quickly"), most=BEFORE_THE_WAY_OUT + 1)
    page.keyboard.press("Enter")
    page.wait_for_url(NEUTRAL)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize(
    "task",
    [
        a_clinic_is_found_by_a_name_nobody_finished,
        clinics_are_ticked_compared_and_taken_off,
        somebody_leaves_in_a_hurry,
    ],
    ids=lambda task: task.__name__,
)
def test_whoever_chooses_a_clinic_needs_neither_mouse_nor_script(chromium, site, task, script):
    with browser.opened(chromium, script=script) as page:
        task(page, site, script)


def test_of_many_places_of_one_name_one_is_chosen_by_keyboard_alone(chromium, site):
    with browser.opened(chromium, script=False) as page:
        page.goto(site)
        reach(page, page.get_by_label("ZIP, city or address"))
        page.keyboard.type("Springfield")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Springfield, MO")).to_be_visible()
        page.wait_for_load_state()
        push(page, page.get_by_role("link", name="Springfield, MO"))

        expect(page.get_by_role("heading", level=1)).to_contain_text("of Springfield, MO")


def test_the_area_on_the_map_is_searched_by_keyboard_alone_on_a_phone(chromium, site):
    with browser.opened(chromium, size=browser.PHONE, reduced_motion="reduce") as page:
        page.goto(f"{site}/search?near=Los+Angeles,+CA&radius=25")
        push(page, page.get_by_role("button", name="Show the map"))
        expect(page.get_by_role("group", name="Map.")).to_be_focused()
        again = page.get_by_role("button", name="Search this area")
        expect(again).to_be_hidden()
        page.keyboard.press("ArrowDown")
        expect(again).to_be_visible()

        page.keyboard.press("Shift+Tab")
        expect(again).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_contain_text("within 25 miles of 33.")


def test_a_device_says_where_it_is_by_keyboard_alone_and_where_it_refuses_the_box_has_the_focus(chromium, site):
    place = {"latitude": 38.6312, "longitude": -90.1922}
    with browser.opened(chromium, geolocation=place, permissions=["geolocation"]) as page:
        page.goto(site)
        push(page, page.locator("#near-me button"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("of 38.63, -90.19")

        page.context.clear_permissions()
        page.goto(site)
        push(page, page.locator("#near-me button"))
        expect(page.get_by_label("ZIP, city or address")).to_be_focused()


def test_a_clinic_is_put_aside_and_taken_off_again_and_the_focus_is_never_lost(chromium, site):
    with browser.opened(chromium) as page:
        page.goto(site + RESULTS)
        for button in page.locator("[data-shortlist]").all()[:2]:
            push(page, button, "Space")
            expect(button).to_have_attribute("aria-pressed", "true")
            expect(button).to_be_focused()
        push(page, page.get_by_role("link", name="Your shortlist (2)"))
        expect(page.locator("#shortlist-clinics > li")).to_have_count(2)
        page.wait_for_load_state()

        push(page, page.get_by_role("button", name="Take off").first)
        expect(page.locator("#shortlist-clinics > li")).to_have_count(1)
        expect(page.get_by_role("button", name="Take off")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.get_by_role("main").get_by_role("link", name="Search for clinics")).to_be_focused()
        expect(page.get_by_role("status")).to_contain_text("Your list is empty.")


def test_whatever_the_tab_key_reaches_shows_it_and_nothing_lies_over_it(chromium, site):
    with browser.opened(chromium, size=browser.PHONE, reduced_motion="reduce") as page:
        for name, least in (("results", 30), ("clinic-1", 50)):
            page.goto(site + ADDRESSES[name])
            found = list(iter(lambda: tabbed(page), None))

            assert [what for what in found if what[1]] == []
            assert len(found) > least


def tabbed(page):
    """Press the Tab key, and return what has the focus then with what is missed of it; None after the last."""
    page.keyboard.press("Tab")
    return page.evaluate(MISSED)
