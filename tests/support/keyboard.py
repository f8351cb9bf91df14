"""Somebody who uses the keyboard alone, and a moderator who decides by the keys of the workbench."""

from dataclasses import dataclass
from itertools import count

from playwright.sync_api import expect

from directory.domain.access import Role
from directory.models.base import now
from tests.support.accounts import PASSWORD, person
from tests.support.reviews import account, link, reviewed_clinic, submitted
from tests.support.statements import counted_statements

_people = count(1)


@dataclass(frozen=True)
class Cleared:
    """What it took to clear so many reviews: requests for pages, and statements to the database."""

    reviews: int
    requests: int
    statements: int

    def __str__(self):
        each = f"{self.requests / self.reviews:.1f} requests and {self.statements / self.reviews:.1f} statements each"
        return f"{self.reviews} reviews cleared by keyboard: {each}"


def wait_for_decisions(number):
    """Hand in so many reviews of as many clinics, now; return their public ids."""
    answers = {"at_home_use_offered": ("yes", link(on=now().date()))}
    return [
        submitted(reviewed_clinic(name=f"Teapot {each}"), account(role=None), answers, at=now())
        for each in range(number)
    ]


def sign_in(page, site, moderator):
    page.goto(f"{site}/moderation")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("mail").fill(moderator.email)
    # Both pages have a field for text: the code belongs into the one of the next.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("textbox").fill(moderator.code())
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/moderation")


def moderator():
    """Return a new moderator: a code of the second step is taken once."""
    return person(f"keys{next(_people)}@example.org", role=Role.MODERATOR)


def clear(page, site, number):
    """Take, accept and approve one review after the other, and return what it took."""
    page.goto(f"{site}/moderation")
    page.requested.clear()
    with counted_statements() as statements:
        for _ in range(number):
            page.wait_for_load_state()  # before it the page does not listen to keys
            page.keyboard.press("n")
            expect(page.locator("#decide")).to_be_visible()
            page.wait_for_load_state()
            page.keyboard.press("a")
            page.keyboard.press("y")
            expect(page.get_by_text("You approved the review of")).to_be_visible()
    pages = [url for url in page.requested if "/moderation" in url]
    return Cleared(number, len(pages), len(statements))


def reach(page, target, most=150):
    """Go to an element by the Tab key alone."""
    element = target.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        if element.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no way to {target} by keyboard")


def push(page, target, key="Enter"):
    reach(page, target)
    page.keyboard.press(key)


def fill(page, **typed):
    """Type into the fields of these names, which stand in this order."""
    for name, text in typed.items():
        reach(page, page.locator(f"main [name={name}]"))
        page.keyboard.type(text)
