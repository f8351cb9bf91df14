"""What people do, done by the keyboard alone, with JavaScript and without: each task that no other test does so.

The form of a review, the map and the queue have theirs beside them; choosing a clinic, an account and decisions have
test_choosing_by_keyboard.py and test_deciding_by_keyboard.py. A page that has no script of its own is used without.
"""

import re

import pytest
from playwright.sync_api import expect

from directory.domain.access import Role
from tests.conftest import emptied_after
from tests.support import browser
from tests.support.accounts import PASSWORD, link, person, stored
from tests.support.keyboard import fill, push, reach
from tests.support.pages import ADDRESSES
from tests.support.reviews import REPLY_OVER, accounts, approved, reviewed_clinic, submitted
from tests.support.reviews import link as words_at
from tests.support.signed_in import signed_in

HOME = "at_home_use_offered"
#: What stands for the window in which a browser asks how to print.
PRINTS = "window.print = () => { document.documentElement.dataset.printed = 'yes' }"


def filters_are_set_and_taken_off(page, site):
    page.goto(f"{site}/search?near=60601&radius=50")
    group = page.locator("details.facet", has_text="Clinic says it treats")
    push(page, group.locator("summary"))
    push(page, group.get_by_role("checkbox", name="Chronic pain"), "Space")
    push(page, page.get_by_role("button", name="Apply"))
    expect(page.get_by_text("Only clinics that say they treat “Chronic pain”.")).to_be_visible()
    page.wait_for_load_state()
    push(page, page.locator("a.chip", has_text="Chronic pain"))
    expect(page.get_by_text("Only clinics")).to_have_count(0)


def the_language_is_changed_and_changed_back(page, site):
    page.goto(f"{site}/search?near=63101&radius=50")
    push(page, page.get_by_role("navigation").get_by_role("link", name="Español"))
    expect(page).to_have_url(f"{site}/es/search?near=63101&radius=50")
    page.wait_for_load_state()
    push(page, page.get_by_role("navigation").get_by_role("link", name="English"))
    expect(page).to_have_url(f"{site}/search?near=63101&radius=50")


def a_decision_is_looked_up_in_the_log(page, site):
    page.goto(f"{site}/log")
    reach(page, page.locator("#action"))
    page.keyboard.press("ArrowDown")
    push(page, page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile(r"action=\w"))
    page.wait_for_load_state()
    push(page, page.locator("tbody code").first.locator(".."))
    expect(page).to_have_url(re.compile(r"/log/\w+"))


def a_clinic_is_asked_about_and_the_answers_are_brought_back(page, site):
    page.goto(site + ADDRESSES["clinic-1"])
    push(page, page.get_by_role("main").get_by_role("link", name="Questions to ask").first)
    expect(page).to_have_url(re.compile("/questions$"))
    page.wait_for_load_state()
    push(page, page.get_by_role("link", name="Enter the answers"))
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize(
    "task",
    [
        filters_are_set_and_taken_off,
        the_language_is_changed_and_changed_back,
        a_decision_is_looked_up_in_the_log,
        a_clinic_is_asked_about_and_the_answers_are_brought_back,
    ],
    ids=lambda task: task.__name__,
)
def test_whoever_looks_around_needs_neither_mouse_nor_script(chromium, site, task, script):
    with browser.opened(chromium, script=script) as page:
        task(page, site)


def test_a_shortlist_is_cleared_and_a_page_copied_and_printed_by_keyboard_alone(chromium, site):
    with browser.opened(chromium, permissions=["clipboard-write"]) as page:
        page.add_init_script(PRINTS)
        page.goto(site + ADDRESSES["clinic-1"])
        push(page, page.get_by_role("button", name="Shortlist"))
        push(page, page.get_by_role("button", name="Copy the link"))
        expect(page.locator("#share [role=status]")).to_have_text("The link is copied.")
        push(page, page.get_by_role("button", name="Print this page"))
        expect(page.locator("html")).to_have_attribute("data-printed", "yes")
        page.goto(f"{site}/shortlist")
        expect(page.locator("#shortlist-clinics > li")).to_have_count(1)
        push(page, page.get_by_role("button", name="Clear the whole list"))

        expect(page.get_by_role("status")).to_contain_text("Your list is empty.")


def test_the_sheet_of_questions_is_printed_by_keyboard_alone_and_the_focus_stays(chromium, site):
    with browser.opened(chromium) as page:
        page.add_init_script(PRINTS)
        page.goto(site + ADDRESSES["questions-1"])
        button = page.get_by_role("button", name="Print, two pages at most")
        push(page, button)

        expect(page.locator("html")).to_have_attribute("data-printed", "yes")
        expect(button).to_be_focused()


def an_account_is_made_and_signed_in_with_its_second_step(page, app, root):
    page.goto(f"{root}/account/register")
    fill(page, email="dora@example.org", password=PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Make an account")
    page.goto(root + link("dora@example.org"))
    page.goto(f"{root}/account/sign-in")
    fill(page, email="dora@example.org", password=PASSWORD)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("sign-in"))
    assert stored("dora@example.org").confirmed_at
    ben = person("ben@example.org", has_second_factor=True)
    page.context.clear_cookies()
    page.goto(f"{root}/account/sign-in")
    fill(page, email=ben.email, password=PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/account/code"))
    page.wait_for_load_state()
    fill(page, code=ben.code())
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/account/code"))
    page.goto(f"{root}/account")
    push(page, page.get_by_role("link", name="Change the second step"))
    expect(page).to_have_url(re.compile("second-step"))
    page.wait_for_load_state()
    push(page, page.get_by_role("button", name="Turn it off"))
    expect(page.get_by_role("link", name="Set up a second step")).to_be_visible()


def a_draft_is_kept_and_thrown_away(page, app, root):
    clinic = reviewed_clinic()
    browser.enter(page, root, signed_in(app, person().id, has_second_factor=False))
    page.goto(f"{root}/clinics/{clinic['public_id']}/review")
    push(page, page.locator(f"#q-{HOME} input[type=radio]").first, "Space")
    push(page, page.locator("#review-form").get_by_role("button", name="Save draft").last)
    expect(page.locator("#saved")).to_contain_text("Draft saved on")
    page.wait_for_load_state()
    push(page, page.locator("summary", has_text="Throw this draft away"))
    push(page, page.get_by_role("button", name="Delete the draft"))
    expect(page.get_by_text("The draft is thrown away.")).to_be_visible()


def an_item_is_taken_and_released(page, app, root):
    submitted(reviewed_clinic(name="Tin Otter"), person().id, {HOME: ("yes", words_at())})
    browser.enter(page, root, signed_in(app, person("mo@example.org", role=Role.MODERATOR).id))
    page.goto(f"{root}/moderation")
    push(page, page.get_by_role("button", name="Next item"))
    expect(page.get_by_role("button", name="Release")).to_be_visible()
    page.wait_for_load_state()
    push(page, page.get_by_role("button", name="Release"))
    expect(page.get_by_role("button", name="Next item")).to_be_visible()


def a_review_is_taken_back(page, app, root):
    anna = person()
    review = submitted(reviewed_clinic(), anna.id, {HOME: ("yes", words_at())})
    browser.enter(page, root, signed_in(app, anna.id, has_second_factor=False))
    page.goto(f"{root}/reviews/{review}")
    push(page, page.locator(".take-back summary"))
    push(page, page.get_by_role("button", name="Yes, take it back"))
    expect(page.get_by_text("Taken back").first).to_be_visible()


def a_change_of_a_listing_is_suggested(page, app, root):
    clinic = reviewed_clinic(phone="+13145550100")
    browser.enter(page, root, signed_in(app, person().id, has_second_factor=False))
    page.goto(f"{root}/clinics/{clinic['public_id']}/suggest")
    push(page, page.locator("main a[href*='kind=close']"))
    expect(page).to_have_url(re.compile("kind=close"))
    page.wait_for_load_state()
    fill(page, link="https://clinic.example/closed", seen_on="11202026", words="The door says so.")
    push(page, page.get_by_label("No tie to this clinic"), "Space")
    push(page, page.locator("main form button[type=submit]").last)
    expect(page.get_by_role("heading", name="Waiting for a moderator")).to_be_visible()


def a_sign_is_confirmed_and_reviews_are_held(page, app, root):
    clinic = reviewed_clinic(name="Paper Kite", contact_email="office@clinic.example")
    for by in accounts(2):
        approved(clinic, by, {HOME: ("yes", words_at(on=REPLY_OVER))})
    browser.enter(page, root, signed_in(app, person("mo@example.org", role=Role.MODERATOR).id))
    page.goto(f"{root}/moderation")
    push(page, page.get_by_role("link", name="Critical warning signs that wait"))
    expect(page).to_have_url(f"{root}/moderation/signs")
    page.wait_for_load_state()
    push(page, page.get_by_role("main").locator("a[href*='/signs/']", has_text="Paper Kite"))
    expect(page.locator("#confirm-h")).to_be_visible()
    page.wait_for_load_state()
    push(page, page.get_by_role("button", name="Confirm", exact=True))
    expect(page.get_by_text("You confirmed this sign.")).to_be_visible()
    page.goto(f"{root}/moderation/clinics/{clinic['public_id']}")
    fill(page, days="3", words="Ten in an hour.")
    push(page, page.get_by_role("button", name="Hold new reviews"))
    expect(page.get_by_role("heading", name="New reviews are held")).to_be_visible()
    page.wait_for_load_state()
    fill(page, words="They were one family.")
    push(page, page.get_by_role("button", name="Decide new reviews again"))
    expect(page.get_by_role("heading", name="Hold new reviews")).to_be_visible()


@pytest.mark.parametrize(
    "task",
    [
        an_account_is_made_and_signed_in_with_its_second_step,
        a_draft_is_kept_and_thrown_away,
        a_review_is_taken_back,
        a_change_of_a_listing_is_suggested,
        an_item_is_taken_and_released,
        a_sign_is_confirmed_and_reviews_are_held,
    ],
    ids=lambda task: task.__name__,
)
def test_whoever_takes_part_or_moderates_needs_neither_mouse_nor_script(chromium, sqlite_app, task):
    with (
        emptied_after(sqlite_app) as app,
        browser.served(app) as root,
        browser.opened(chromium, script=False) as page,
    ):
        task(page, app, root)
