"""Every page of one's own in Chromium, in every state: what axe finds in both themes and sizes, and whether it fits."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from directory.domain.access import Role
from directory.domain.moderation import Outcome, Reason
from directory.extensions import writing
from directory.models.base import now
from directory.services import reviews, sessions, voids, wishes
from directory.services.moderation import Judgement
from directory.services.voids import Vote
from tests.conftest import emptied_after
from tests.support import browser
from tests.support.accounts import ANNA, PASSWORD, link, person, signed_in_client
from tests.support.answers import TODAY
from tests.support.checklists import SHIPPED
from tests.support.reviews import (
    AS_SUBMITTED,
    DROPPED,
    NOON,
    REPLY_OVER,
    SITE,
    account,
    approved,
    changes_requested,
    confirmed,
    decided,
    declined,
    rechecked,
    reviewed_clinic,
    submitted,
    told,
)  # fmt: skip
from tests.support.reviews import link as words_at
from tests.support.reviews import pages as read
from tests.support.signed_in import signed_in
from tests.support.suggestions import entered, hidden, suggested

AXE = Axe()
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
HOME, CURE = "at_home_use_offered", "cure_all_claims"
SHORT = "otters"
LONG = "The page says it three times over, and each time in other words: " + "https://clinic.example/" + "x" * 200
NEXT = replace(
    SHIPPED, version="2027.1", signs=(replace(SHIPPED.signs[0], slug="brand_new", name="Brand new"), *SHIPPED.signs[1:])
)


def signing_in(page, site, app, _monkeypatch):
    """Everything that somebody who is not signed in meets."""
    person()
    with_step = person("ben@example.org", has_second_factor=True)
    for path, button, wrong in (
        ("sign-in", "Sign in", {"email": ANNA, "password": "not the right words"}),
        ("register", "Make my account", {"email": "anna", "password": SHORT}),
        ("confirm", "Send a new link", {"email": "anna"}),
        ("reset", "Send me the link", {"email": "anna"}),
    ):
        page.goto(f"{site}/account/{path}")
        yield path
        press(page, button)
        yield f"{path}, nothing typed"
        fill(page, **wrong)
        press(page, button)
        yield f"{path}, wrong"
    for path, button in (
        ("register", "Make my account"),
        ("confirm", "Send a new link"),
        ("reset", "Send me the link"),
    ):
        page.goto(f"{site}/account/{path}")
        fill(page, email=ANNA, **({"password": PASSWORD} if path == "register" else {}))
        press(page, button)
        yield f"{path}, sent"
    yield from choosing_a_password(page, site)
    page.goto(f"{site}/account/sign-in")
    fill(page, email=with_step.email, password=PASSWORD)
    press(page, "Sign in")
    for path in ("code", "recovery"):
        yield path
        fill(page, code="000000")
        press(page, "Sign in")
        yield f"{path}, wrong"
        page.goto(f"{site}/account/recovery")


def choosing_a_password(page, site):
    page.goto(site + link(ANNA, "reset"))
    yield "reset by mail"
    fill(page, password=SHORT)
    press(page, "Change my password")
    yield "reset by mail, wrong"
    page.goto(f"{site}/account/reset/a-link-of-long-ago")
    yield "reset by mail, too late"


def own_account(page, site, app, _monkeypatch):
    """The account of a moderator, then the second step of a reviewer."""
    somebody = person(f"somebody.with.a.long.name@{'department.' * 5}example.org", role=Role.MODERATOR)
    browser.enter(page, site, signed_in_client(app, somebody))
    page.goto(f"{site}/account")
    yield "account"
    with writing() as session:
        for name in ("Firefox on Android", "Safari on iPhone"):
            sessions.begin(session, somebody.id, browser=name, at=now())
    page.reload()
    yield "account, several browsers"
    for path, button, wrong in (
        ("email", "Send the link", {"email": "anna"}),
        ("password", "Change my password", {"password": SHORT, "new_password": SHORT}),
    ):
        page.goto(f"{site}/account/{path}")
        yield path
        fill(page, **wrong)
        press(page, button)
        yield f"{path}, wrong"
    page.goto(f"{site}/account/second-step")
    yield "second-step, on"
    page.locator("#setup").evaluate("button => { button.value = 'disable' }")
    press(page, "Set it up anew")
    yield "second-step, needed by a role"
    page.goto(f"{site}/account/recovery-codes")
    yield "recovery-codes"
    press(page, "Make new codes")
    yield "recovery-codes, made"
    reviewer = signed_in_client(app, person("ben@example.org"))
    browser.enter(page, site, reviewer)
    page.goto(f"{site}/account/second-step")
    yield "second-step"
    press(page, "Set it up")
    yield "second-step, picture"
    fill(page, code="000000")
    press(page, "Turn it on")
    yield "second-step, wrong"
    with reviewer.session_transaction() as cookie:
        cookie["fs_paa"] -= 601
    browser.enter(page, site, reviewer)
    page.goto(f"{site}/account/email")
    yield "again"
    fill(page, password=SHORT)
    press(page, "Go on")
    yield "again, wrong"


def own_reviews(page, site, app, _monkeypatch):
    """A review in every state that its author sees."""
    anna = person()
    browser.enter(page, site, signed_in_client(app, anna))
    page.goto(f"{site}/reviews")
    yield "reviews, none"
    for name, review in reviews_of(anna.id).items():
        page.goto(f"{site}/reviews/{review}")
        yield f"review, {name}"
        if name == "waiting":
            page.get_by_text("Take it back", exact=True).click()
            yield "review, about to be taken back"
            page.locator("[name=version]").evaluate("field => { field.value = 1 }")
            press(page, "Yes, take it back")
            yield "review, changed meanwhile"
    page.goto(f"{site}/reviews")
    yield "reviews, many"


def reviews_of(author):
    """Return a review of this author in each state, by its name."""
    mailed = {HOME: ("yes", words_at("We mail it to you."))}
    full = mailed | {
        CURE: ("no", *read(TODAY)),
        "price_published": ("yes", words_at(LONG, archive_url=f"{SITE}/{'a' * 300}"), told(LONG)),
        "no_physician_on_staff": ("unknown",),
    }
    names = iter(
        [
            "Blue Teapot",
            "Paper Kite",
            "Cedar",
            "The Clinic of an Exceedingly Long Name That Goes On and On",
            "Oak",
            "Ash",
        ]
    )
    clinics = iter([reviewed_clinic(name=name) for name in names])
    testimony = Judgement(outcome=Outcome.TESTIMONY, reason=Reason.EVIDENCE_NOT_SUPPORTING, words=LONG)
    found = {"waiting": submitted(next(clinics), author, full)}
    for name, verdict in (("sent back", changes_requested()), ("declined", declined())):
        found[name] = submitted(next(clinics), author, mailed)
        decided(found[name], verdict)
    followed = next(clinics)
    found["followed"] = approved(followed, author, full, **{CURE: DROPPED, "price_published": testimony})
    found["approved"] = approved(followed, author, full, **{CURE: DROPPED, "price_published": testimony})
    found["taken back"] = submitted(next(clinics), author, mailed)
    reviews.withdraw(found["taken back"], author_id=author, seen_version=AS_SUBMITTED, at=NOON)
    return found


def the_form(page, site, app, monkeypatch):
    """The form of a review in the states that test_review_form does not walk through."""
    clinic, anna = reviewed_clinic(name="Paper Kite"), person()
    form = f"{site}/clinics/{clinic['public_id']}/review"
    client = signed_in_client(app, anna)
    browser.enter(page, site, client)
    page.goto(form)
    press(page, "Hand in the review")
    yield "form, nothing answered"
    answer(page)
    spoil(page)
    press(page, "Hand in the review")
    yield "form, errors"
    yield from out_of_step(page, form, client, site, monkeypatch)
    yield from decided_on(page, form, anna, clinic)


def out_of_step(page, form, client, site, monkeypatch):
    """Another window, a session that ended, and another checklist."""
    other = page.context.new_page()
    other.goto(form)
    answer(other)
    press(other, "Save draft")
    other.close()
    page.locator(f"#{HOME}-quote").fill(LONG)
    press(page, "Save draft")
    page.context.clear_cookies()
    press(page, "Save draft")
    yield "form, signed out"
    browser.enter(page, site, client)
    with monkeypatch.context() as later:
        later.setattr("directory.web.drafts.checklists.current", lambda: NEXT)
        page.goto(form)
        yield "form, another checklist"


def decided_on(page, form, anna, clinic):
    page.goto(form)
    answer(page)
    for slug in (CURE, "price_published", "no_physician_on_staff"):
        page.locator(f"#{slug}-value-unknown").check()
    page.locator("#no_physician_on_staff-note").fill("")
    press(page, "Hand in the review")
    yield "review, just handed in"
    review = page.url.rpartition("/")[2]
    decided(review, changes_requested())
    page.goto(form)
    yield "form, sent back"
    reviews.withdraw(review, author_id=anna.id, seen_version=AS_SUBMITTED + 1, at=NOON)
    approved(clinic, anna.id, {HOME: ("yes", words_at())})
    page.goto(form)
    yield "form, an update"


def refusals(page, site, app, _monkeypatch):
    """Pages that say why something is not done; what a script would meet first is sent by hand."""
    client = signed_in_client(app)
    page.route(
        "**/refused",
        lambda route: route.fulfill(
            status=400, content_type="text/html", body=client.post("/account/sessions/end").text
        ),
    )
    page.goto(f"{site}/refused")
    yield "refused, 400"
    browser.enter(page, site, client)
    page.goto(f"{site}/moderation")
    yield "refused, 403"
    page.goto(f"{site}/reviews/nobody-wrote-it")
    yield "refused, 404"


def suggesting(page, site, app, _monkeypatch):
    """The forms of suggestions, and what has become of them."""
    anna, blue = person(), reviewed_clinic(name="Blue Teapot", phone="+13145550100", routes=3)
    twin = reviewed_clinic(name="The Blue Teapot of an Exceedingly Long Name That Goes On", phone="+13145550100")
    browser.enter(page, site, signed_in_client(app, anna))
    page.goto(f"{site}/suggestions")
    yield "suggestions, none"
    page.goto(f"{site}/clinics/propose")
    fill(page, name="Teapot", city="Saint Louis", phone="12", link="x", source="The sign at the door")
    press(page, "Hand in the proposal")
    yield "proposal, wrong"
    fill(page, phone="314-555-0100", link="", seen_on=TODAY.isoformat(), words=LONG)
    page.get_by_label("State", exact=True).select_option("MO")
    page.get_by_label("No tie to this clinic").check()
    press(page, "Hand in the proposal")
    yield "proposal, perhaps listed"
    page.get_by_role("button", name="It is none of these").first.click()
    yield "suggestion, waiting"
    page.goto(f"{site}/clinics/{twin['public_id']}/suggest")
    yield "suggestion, kinds"
    for kind in ("edit", "merge"):
        page.goto(f"{site}/clinics/{twin['public_id']}/suggest?kind={kind}")
        yield f"suggestion, {kind}"
    sent_back = suggested(blue, anna.id, kind="edit")
    entered(sent_back, "request_changes")
    for path in (f"/suggestions/{sent_back}", f"/suggestions/{sent_back}/change"):
        page.goto(site + path)
        yield f"suggestion, sent back, {path[-6:]}"
    page.context.clear_cookies()
    fill(page, words=LONG)
    press(page, "Hand in the correction")
    yield "suggestion, signed out"


def deciding_on_listings(page, site, app, _monkeypatch):
    """What moderators and administrators see of suggestions and listings."""
    blue, twin = reviewed_clinic(name="Blue Teapot", phone="+13145550100"), reviewed_clinic(name="Blue Tea Pot")
    kite = reviewed_clinic(name="Paper Kite")
    author = person("ben@example.org").id
    found = {kind: suggested(clinic, author, kind=kind) for kind, clinic in (("edit", blue), ("close", kite))}
    found["merge"] = suggested(twin, author, kind="merge", target=blue)
    browser.enter(page, site, signed_in_client(app, person("ad@example.org", role=Role.ADMINISTRATOR)))
    page.goto(f"{site}/moderation?kind=listing")
    yield "queue of listings"
    for name, revision in found.items():
        page.goto(f"{site}/moderation/listings/{revision}")
        yield f"listing, {name}"
    press(page, "Decline")
    yield "listing, no reason"
    entered(found["merge"], "decline")
    press(page, "Decline")
    yield "listing, decided meanwhile"
    page.goto(f"{site}/moderation/clinics/{kite['public_id']}/hide")
    press(page, "Hide it")
    yield "hide, nothing typed"
    hidden(kite)
    for path in ("hidden?page=elsewhere", f"clinics/{kite['public_id']}/hide"):
        page.goto(f"{site}/moderation/{path}")
        yield path


def after_approval(page, site, app, monkeypatch):
    """What moderators and the author see of an approved review, and of a clinic whose sign is looked at again."""
    for module in ("afterwards", "desk", "moderation", "reviews", "rulings"):
        monkeypatch.setattr(f"directory.web.{module}.now", lambda: NOON)
    anna, ben, cleo = person(), person("ben@example.org", role=Role.MODERATOR), person("cleo@example.org")
    clinic = reviewed_clinic(name="Paper Kite")
    review = approved(clinic, anna.id, {HOME: ("yes", words_at(on=REPLY_OVER)), CURE: ("yes", words_at(LONG))})
    approved(clinic, cleo.id, {CURE: ("no", *read(TODAY))})
    rechecked(review, HOME)
    confirmed(clinic, HOME)
    browser.enter(page, site, signed_in_client(app, anna))
    page.goto(f"{site}/reviews/{review}")
    page.get_by_text("Ask to have it back", exact=True).click()
    yield "own review, about to be wished back"
    page.locator("#words").fill(LONG)
    press(page, "Ask for it")
    yield "own review, wished back"
    moderator = signed_in(app, ben.id)
    browser.enter(page, site, moderator)
    for path in ("approved", f"reviews/{review}", f"reviews/{review}/void", f"reviews/{review}/link"):
        page.goto(f"{site}/moderation/{path}")
        yield f"moderation, {path.replace(review, 'review')}"
    press(page, "Propose it")
    yield "link, nothing chosen"
    page.goto(f"{site}/moderation/reviews/{review}/void")
    press(page, "Vote to make it void")
    yield "void, nothing said"
    voids.vote(review, Vote(reason=Reason.COPIED_TEXT, words=LONG), moderator_id=account(), seen_version=3, at=NOON)
    page.goto(f"{site}/moderation/reviews/{review}/void")
    yield "void, one has voted"
    page.goto(f"{site}/moderation/clinics/{clinic['public_id']}")
    yield "clinic"
    fill(page, days="40", words=LONG)
    press(page, "Hold new reviews")
    yield "clinic, too long"
    fill(page, days="3")
    press(page, "Hold new reviews")
    yield "clinic, held"
    wishes.grant(review, moderator_id=account(), seen_version=3, at=NOON)
    page.goto(f"{site}/moderation/signs/again")
    yield "signs to look at again"
    page.goto(f"{site}/clinics/{clinic['public_id']}")
    yield "clinic's page, a sign is looked at again"
    page.goto(f"{site}/log")
    yield "log"


WALKS = [
    signing_in, own_account, own_reviews, the_form, suggesting, deciding_on_listings, after_approval, refusals,
]  # fmt: skip


@pytest.mark.parametrize("walk", WALKS)
def test_axe_finds_nothing_on_any_page_of_ones_own_in_any_state_and_all_fit(chromium, app, served, monkeypatch, walk):
    problems = {}
    with browser.opened(chromium, reduced_motion="reduce") as page:
        for name in walk(page, served, app, monkeypatch):
            found = looked_at(page)
            if found:
                problems[name] = found

    assert problems == {}


def looked_at(page):
    """Return what axe finds here, and the widths at which the page scrolls sideways."""
    page.wait_for_load_state()  # a click waits for the next page to begin
    found = []
    # Both looks see the same elements: of the other theme and size only the colours are new.
    for theme, size, options in (("light", browser.PHONE, None), ("dark", browser.DESK, COLORS)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        violations = AXE.run(page, options=options).response["violations"]
        found += [(theme, size["width"], rule["id"], rule["nodes"][0]["html"]) for rule in violations]
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((width, "scrolls sideways"))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    if page.evaluate("document.documentElement.scrollWidth") > browser.PHONE["width"]:
        found.append("scrolls sideways with text of twice the size")
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


@pytest.fixture
def app(sqlite_app):
    with emptied_after(sqlite_app) as app:
        yield app


@pytest.fixture
def served(app):
    with browser.served(app) as address:
        yield address


def fill(page, **typed):
    for name, text in typed.items():
        page.locator(f"main [name={name}]").fill(text)


def press(page, button):
    page.get_by_role("main").get_by_role("button", name=button, exact=True).last.click()


def answer(page):
    page.locator("#tie-none").check()
    page.locator(f"#{HOME}-value-yes").check()
    page.locator(f"#{HOME}-link").fill(f"{SITE}/faq")
    page.locator(f"#{HOME}-quote").fill("We mail it to you.")
    page.locator(f"#{HOME}-seen").fill(TODAY.isoformat())


def spoil(page):
    """Type into as many fields as can be wrong."""
    page.locator(f"#{CURE}-value-no").check()
    page.locator(f"#{CURE}-pages").fill("no address\nnor this one")
    page.locator(f"#{HOME}-link").fill("example")
    page.locator(f"#{HOME}-quote").fill("")
    page.locator("#no_physician_on_staff-note").evaluate("field => { field.value = 'Nobody answered.' }")
    page.locator("#price_published-value-yes").check()
