"""Walks through the pages of accounts: signing in, one's own account, and pages that say why something is not done."""

from directory.domain.access import Role
from directory.extensions import writing
from directory.models.base import now
from directory.services import sessions
from tests.support.accounts import ANNA, PASSWORD, link, person, signed_in_client

SHORT = "otters"


def signing_in(visit):
    """Everything that somebody who is not signed in meets."""
    person()
    with_step = person("ben@example.org", has_second_factor=True)
    for path, button, wrong in (
        ("sign-in", "Sign in", {"email": ANNA, "password": "not the right words"}),
        ("register", "Make my account", {"email": "anna", "password": SHORT}),
        ("confirm", "Send a new link", {"email": "anna"}),
        ("reset", "Send me the link", {"email": "anna"}),
    ):
        visit.go(f"/account/{path}")
        yield path
        visit.press(button)
        yield f"{path}, nothing typed"
        visit.fill(**wrong)
        visit.press(button)
        yield f"{path}, wrong"
    for path, button in (
        ("register", "Make my account"),
        ("confirm", "Send a new link"),
        ("reset", "Send me the link"),
    ):
        visit.go(f"/account/{path}")
        visit.fill(email=ANNA, **({"password": PASSWORD} if path == "register" else {}))
        visit.press(button)
        yield f"{path}, sent"
    yield from choosing_a_password(visit)
    visit.go("/account/sign-in")
    visit.fill(email=with_step.email, password=PASSWORD)
    visit.press("Sign in")
    for path in ("code", "recovery"):
        yield path
        visit.fill(code="000000")
        visit.press("Sign in")
        yield f"{path}, wrong"
        visit.go("/account/recovery")


def choosing_a_password(visit):
    visit.go(link(ANNA, "reset"))
    yield "reset by mail"
    visit.fill(password=SHORT)
    visit.press("Change my password")
    yield "reset by mail, wrong"
    visit.go("/account/reset/a-link-of-long-ago")
    yield "reset by mail, too late"


def own_account(visit):
    """The account of a moderator, then the second step of a reviewer."""
    somebody = person(f"somebody.with.a.long.name@{'department.' * 5}example.org", role=Role.MODERATOR)
    visit.enter(signed_in_client(visit.app, somebody))
    visit.go("/account")
    yield "account"
    with writing() as session:
        for name in ("Firefox on Android", "Safari on iPhone"):
            sessions.begin(session, somebody.id, browser=name, at=now())
    visit.page.reload()
    yield "account, several browsers"
    for path, button, wrong in (
        ("email", "Send the link", {"email": "anna"}),
        ("password", "Change my password", {"password": SHORT, "new_password": SHORT}),
    ):
        visit.go(f"/account/{path}")
        yield path
        visit.fill(**wrong)
        visit.press(button)
        yield f"{path}, wrong"
    visit.go("/account/second-step")
    yield "second-step, on"
    visit.page.locator("#setup").evaluate("button => { button.value = 'disable' }")
    visit.press("Set it up anew")
    yield "second-step, needed by a role"
    visit.go("/account/recovery-codes")
    yield "recovery-codes"
    visit.press("Make new codes")
    yield "recovery-codes, made"
    yield from second_step(visit)


def second_step(visit):
    reviewer = signed_in_client(visit.app, person("ben@example.org"))
    visit.enter(reviewer)
    visit.go("/account/second-step")
    yield "second-step"
    visit.press("Set it up")
    yield "second-step, picture"
    visit.fill(code="000000")
    visit.press("Turn it on")
    yield "second-step, wrong"
    with reviewer.session_transaction() as cookie:
        cookie["fs_paa"] -= 601
    visit.enter(reviewer)
    visit.go("/account/email")
    yield "again"
    visit.fill(password=SHORT)
    visit.press("Go on")
    yield "again, wrong"


def refusals(visit):
    """Pages that say why something is not done; what a script would meet first is sent by hand."""
    client = signed_in_client(visit.app)
    refused = "/account/sessions/end" if visit.language == "en" else f"/{visit.language}/account/sessions/end"
    visit.page.route(
        "**/refused",
        lambda route: route.fulfill(status=400, content_type="text/html", body=client.post(refused).text),
    )
    visit.go("/refused")
    yield "refused, 400"
    visit.enter(client)
    visit.go("/moderation")
    yield "refused, 403"
    visit.go("/reviews/nobody-wrote-it")
    yield "refused, 404"
