"""Accounts are kept, clinics proposed and decisions made by the keyboard alone, without JavaScript.

Only the queue and what it leads to have a script: test_workbench.py and test_suggestions.py press their keys.
"""

from datetime import timedelta

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect

from directory.domain.access import Role
from directory.domain.moderation import Reason
from directory.extensions import writing
from directory.models import Clinic, Review
from directory.models.base import now
from directory.services import sessions, voids, wishes
from directory.services.voids import Vote
from tests.conftest import emptied_after
from tests.support import browser
from tests.support.accounts import PASSWORD, link, person
from tests.support.keyboard import fill, push, reach
from tests.support.reviews import account, approved, reviewed_clinic, submitted
from tests.support.reviews import link as words_at
from tests.support.signed_in import signed_in
from tests.support.suggestions import entered, suggested
from tests.support.tables import rows

HOME = "at_home_use_offered"
NEW = "eight small red kites"
#: An approval adds one to the version of a review that was handed in.
APPROVED = 3


def an_account_is_kept(page, app, root):
    anna = person()
    browser.enter(page, root, signed_in(app, anna.id, has_second_factor=False))
    with writing() as session:
        sessions.begin(session, anna.id, browser="Safari on iPhone", at=now())
    page.goto(f"{root}/account")
    push(page, page.get_by_role("button", name="Sign out Safari on iPhone"))
    said(page, "That browser is signed out.")
    push(page, page.get_by_role("link", name="Change the password"))
    comes(page, "Change your password")
    fill(page, password=PASSWORD, new_password=NEW)
    page.keyboard.press("Enter")
    said(page, "Your password is changed, and every other browser is signed out.")
    push(page, page.get_by_role("link", name="Change the address"))
    comes(page, "Change your address")
    fill(page, email="anna@example.com")
    page.keyboard.press("Enter")
    said(page, "A mail is on its way to anna@example.com.")
    page.goto(f"{root}/account")
    push(page, page.get_by_role("button", name="Sign out everywhere", exact=True))
    said(page, "Every browser is signed out.")


def a_password_is_forgotten_and_a_second_step_set_up(page, app, root):
    anna = person()
    page.goto(f"{root}/account/sign-in")
    push(page, page.get_by_role("link", name="I forgot my password"))
    comes(page, "Choose a new password")
    fill(page, email=anna.email)
    page.keyboard.press("Enter")
    said(page, f"If {anna.email} has an account here")
    page.goto(root + link(anna.email, "reset"))
    fill(page, password=NEW)
    page.keyboard.press("Enter")
    said(page, "Your password is changed. Sign in with the new one.")
    fill(page, email=anna.email, password=NEW)
    page.keyboard.press("Enter")
    comes(page, "Your account")
    push(page, page.get_by_role("link", name="Set up a second step"))
    comes(page, "Second step of signing in")
    push(page, page.get_by_role("button", name="Set it up"))
    there(page, page.locator(".totp-key"))
    secret = page.locator(".totp-key").inner_text().replace("-", "").strip()
    fill(page, code=TOTP(key=secret).generate().token)
    page.keyboard.press("Enter")
    comes(page, "Recovery codes")
    push(page, page.get_by_role("button", name="Make new codes"))
    there(page, page.locator(".recovery-code").first)
    recovery = page.locator(".recovery-code").first.inner_text()
    push(page, page.get_by_role("button", name="Sign out", exact=True))
    comes(page, "")
    page.goto(f"{root}/account/sign-in")
    fill(page, email=anna.email, password=NEW)
    page.keyboard.press("Enter")
    comes(page, "Second step")
    push(page, page.get_by_role("link", name="Use a recovery code"))
    comes(page, "Use a recovery code")
    fill(page, code=recovery)
    page.keyboard.press("Enter")
    comes(page, "Your account")
    push(page, page.locator(".browsers").get_by_role("button", name="Sign out"))
    said(page, "That browser is signed out.")


def a_missing_clinic_is_proposed_and_a_moderator_approves_it(page, app, root):
    browser.enter(page, root, signed_in(app, person().id, has_second_factor=False))
    page.goto(f"{root}/search?near=Nome, AK")
    push(page, page.get_by_role("link", name="Propose it"))
    comes(page, "Propose a clinic")
    push(page, page.get_by_role("main").get_by_role("button", name="Hand in the proposal").last)
    expect(page.locator(".error-summary")).to_be_focused()
    page.wait_for_load_state()
    push(page, page.locator(".error-summary a").first)
    expect(page.locator("main [name=name]")).to_be_focused()
    page.keyboard.type("Copper Snail Ketamine")
    fill(page, city="Peoria", state="Illinois", source="I called them.")
    fill(page, seen_on=now().strftime("%m%d%Y"), words="They offer infusions.")
    push(page, page.get_by_label("No tie to this clinic"), "Space")
    push(page, page.get_by_role("main").get_by_role("button", name="Hand in the proposal").last)
    expect(page.get_by_role("heading", name="Waiting for a moderator")).to_be_visible()

    moderator = person("mo@example.org", role=Role.MODERATOR)
    browser.enter(page, root, signed_in(app, moderator.id))
    page.goto(f"{root}/moderation")
    push(page, page.get_by_role("main").locator("#list a", has_text="Copper Snail Ketamine"))
    there(page, page.get_by_role("button", name="Claim"))
    push(page, page.get_by_role("button", name="Claim"))
    there(page, page.get_by_text("Yours until").first)
    push(page, page.get_by_role("button", name="Approve"))
    said(page, "You approved what was suggested about Copper Snail Ketamine.")
    assert [row.status for row in rows(Clinic)] == ["published"]


def two_reviews_are_approved_and_declined(page, app, root):
    author, found = account(role=None), {HOME: ("yes", words_at(on=now().date()))}
    reviews = [submitted(reviewed_clinic(name=name), author, found, at=now()) for name in ("Oak", "Ash")]
    browser.enter(page, root, signed_in(app, person("mo@example.org", role=Role.MODERATOR).id))
    page.goto(f"{root}/moderation")
    push(page, page.get_by_role("button", name="Next item"))
    comes(page, "Review of Oak")
    push(page, page.get_by_label("I opened the source myself"), "Space")
    push(page, page.get_by_label("Accept", exact=True), "Space")
    push(page, page.get_by_role("button", name="Show what this would do"))
    there(page, page.locator("#preview .preview"))
    expect(page.get_by_label("Accept", exact=True)).to_be_checked()
    push(page, page.get_by_role("button", name="Approve as marked"))
    said(page, "You approved the review of Oak.")
    push(page, page.get_by_role("button", name="Next item"))
    comes(page, "Review of Ash")
    push(page, page.get_by_role("button", name="Decline", exact=True))
    expect(page.locator(".error-summary")).to_be_focused()
    page.wait_for_load_state()
    push(page, page.locator(".error-summary a").first)
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("The source")
    push(page, page.get_by_role("button", name="Fill in the usual words"))
    expect(page.locator("#words")).not_to_have_value("")
    page.wait_for_load_state()
    push(page, page.get_by_role("button", name="Decline", exact=True))
    said(page, "You declined the review of Ash.")
    assert {row.public_id: row.status for row in rows(Review)} == dict(
        zip(reviews, ("approved", "declined"), strict=True)
    )


def an_approved_review_is_linked_made_void_and_another_given_back(page, app, root):
    authors, found = [account(role=None) for _ in range(3)], {HOME: ("yes", words_at(on=now().date()))}
    oak = reviewed_clinic(name="Oak")
    bad, wished, twin = (approved(oak, author, found, at=now()) for author in authors)
    voids.vote(
        bad, Vote(reason=Reason.COPIED_TEXT, words="I saw."), moderator_id=account(), seen_version=APPROVED, at=now()
    )
    wishes.ask(wished, author_id=authors[1], words="", seen_version=APPROVED, at=now())
    browser.enter(page, root, signed_in(app, person("mo@example.org", role=Role.MODERATOR).id))
    page.goto(f"{root}/moderation/reviews/{bad}")
    push(page, page.get_by_role("link", name="Propose that this author has another account"))
    comes(page, "Two accounts of one person?")
    push(page, page.locator("main [name=chosen]").first, "Space")
    fill(page, words="The same words, a minute apart.")
    push(page, page.get_by_role("button", name="Propose it"))
    said(page, "You proposed that the two accounts are one person.")
    page.goto(f"{root}/moderation/reviews/{bad}")
    push(page, page.get_by_role("link", name="Vote to make it void"))
    comes(page, "Make the review of Oak void")
    fill(page, reason="The", words="It is of another clinic.")
    push(page, page.get_by_role("button", name="Make it void"))
    expect(page.get_by_text("void").first).to_be_visible()
    page.goto(f"{root}/moderation/approved")
    push(page, page.get_by_role("main").locator(f"a[href$='/reviews/{wished}']"))
    comes(page, "Review of Oak")
    push(page, page.get_by_role("button", name="Take it back as its author wishes"))
    expect(page.locator("main [role=status]").first).to_be_visible()
    assert {row.public_id: row.status for row in rows(Review)} == {
        bad: "voided",
        wished: "withdrawn_after",
        twin: "approved",
    }


def a_sign_is_ruled_mended_and_what_is_spam_declined_at_once(page, app, root):
    clinic, today = reviewed_clinic(name="Oak"), now()
    found = {HOME: ("yes", words_at(on=today.date()))}
    approved(clinic, account(role=None), found, at=today)
    spam = [submitted(reviewed_clinic(name=name), account(role=None), found, at=today) for name in ("Ash", "Elm")]
    browser.enter(page, root, signed_in(app, person("mo@example.org", role=Role.MODERATOR).id))
    page.goto(f"{root}/moderation")
    for box in page.locator("#list [name=chosen]").all():
        push(page, box, "Space")
    fill(page, reason="It insults", words="Write about the clinic.")
    push(page, page.get_by_role("button", name="Decline them"))
    said(page, "You declined 2 reviews.")
    page.goto(f"{root}/moderation/clinics/{clinic['public_id']}/signs/{HOME}")
    reach(page, page.locator("[name=mended-mended_on]"))
    page.keyboard.type(today.strftime("%m%d%Y"))
    reach(page, page.locator("[name=mended-reason]"))
    page.keyboard.type("Their new page says so.")
    push(page, page.get_by_role("button", name="Rule it mended"))
    said(page, "mended")
    assert {row.status for row in rows(Review) if row.public_id in spam} == {"declined"}


def a_suggestion_that_was_sent_back_is_changed(page, app, root):
    anna = person()
    revision = suggested(reviewed_clinic(name="Oak"), anna.id, at=now())
    entered(revision, "request_changes", at=now())
    browser.enter(page, root, signed_in(app, anna.id, has_second_factor=False))
    page.goto(f"{root}/suggestions")
    push(page, page.get_by_role("main").locator(f"a[href$='/suggestions/{revision}']"))
    there(page, page.get_by_role("link", name="Change it"))
    push(page, page.get_by_role("link", name="Change it"))
    there(page, page.locator("#suggest"))
    push(page, page.get_by_label("No tie to this clinic"), "Space")
    push(page, page.get_by_role("main").get_by_role("button", name="Hand in the correction").last)
    expect(page.get_by_role("heading", name="Waiting for a moderator")).to_be_visible()


def two_listings_are_joined_and_one_is_hidden_and_shown(page, app, root):
    author = person("ben@example.org").id
    goes, stays = reviewed_clinic(name="Blue Tea Pot"), reviewed_clinic(name="Blue Teapot")
    revision = suggested(goes, author, kind="merge", target=stays, at=now())
    entered(revision, "approve_once", at=now())
    browser.enter(page, root, signed_in(app, person("ad@example.org", role=Role.ADMINISTRATOR).id))
    page.goto(f"{root}/moderation?kind=listing")
    push(page, page.get_by_role("main").locator(f"#list a[href$='/listings/{revision}']"))
    there(page, page.get_by_role("heading", name="Both listings"))
    push(page, page.get_by_role("button", name="Agree that it is one clinic"))
    said(page, "You approved what was suggested about")
    push(page, page.get_by_role("main").get_by_role("link", name="Hidden listings"))
    comes(page, "Hidden listings")
    reach(page, page.locator("#page"))
    page.keyboard.type(f"{root}/clinics/{stays['public_id']}")
    page.keyboard.press("Enter")
    comes(page, "Hide Blue Teapot")
    fill(page, reason="Somebody", words="A court asked.", until=(now() + timedelta(days=30)).strftime("%m%d%Y"))
    page.keyboard.press("Enter")
    said(page, "Blue Teapot is hidden.")
    push(page, page.get_by_role("main").get_by_role("link", name="Blue Teapot"))
    comes(page, "Show Blue Teapot again")
    fill(page, words="The request was withdrawn.")
    push(page, page.get_by_role("button", name="Show it again"))
    said(page, "Blue Teapot is shown again.")
    assert {row.name: row.status for row in rows(Clinic)} == {"Blue Tea Pot": "merged", "Blue Teapot": "published"}


@pytest.mark.parametrize(
    "task",
    [
        an_account_is_kept,
        a_password_is_forgotten_and_a_second_step_set_up,
        a_missing_clinic_is_proposed_and_a_moderator_approves_it,
        two_reviews_are_approved_and_declined,
        an_approved_review_is_linked_made_void_and_another_given_back,
        a_sign_is_ruled_mended_and_what_is_spam_declined_at_once,
        a_suggestion_that_was_sent_back_is_changed,
        two_listings_are_joined_and_one_is_hidden_and_shown,
    ],
    ids=lambda task: task.__name__,
)
def test_whoever_has_an_account_or_decides_needs_neither_mouse_nor_script(chromium, sqlite_app, task):
    with (
        emptied_after(sqlite_app) as app,
        browser.served(app) as root,
        browser.opened(chromium, script=False) as page,
    ):
        task(page, app, root)


def comes(page, heading):
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    page.wait_for_load_state()


def said(page, words):
    there(page, page.locator("main [role=status]", has_text=words))


def there(page, shown):
    """Wait for the page that shows this to be there whole: before it the keys go to the page before."""
    expect(shown).to_be_visible()
    page.wait_for_load_state()
