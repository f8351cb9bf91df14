"""Walks through the form of a review and through one's own reviews, in every state that their author sees."""

from dataclasses import replace

from playwright.sync_api import expect

from directory.domain.moderation import Outcome, Reason
from directory.services import reviews
from directory.services.moderation import Judgement
from tests.support.accounts import person, signed_in_client
from tests.support.answers import TODAY
from tests.support.checklists import SHIPPED
from tests.support.review_forms import LEAST, send
from tests.support.reviews import (
    AS_SUBMITTED,
    DROPPED,
    NOON,
    SITE,
    approved,
    changes_requested,
    decided,
    declined,
    link,
    pages,
    reviewed_clinic,
    submitted,
    told,
)  # fmt: skip
from tests.support.suggestions import relisted

HOME, CURE = "at_home_use_offered", "cure_all_claims"
LONG = "The page says it three times over, and each time in other words: " + "https://clinic.example/" + "x" * 200
_NEXT = replace(
    SHIPPED, version="2027.1", signs=(replace(SHIPPED.signs[0], slug="brand_new", name="Brand new"), *SHIPPED.signs[1:])
)
_MAILED = {HOME: ("yes", link("We mail it to you."))}
_FULL = _MAILED | {
    CURE: ("no", *pages(TODAY)),
    "price_published": ("yes", link(LONG, archive_url=f"{SITE}/{'a' * 300}"), told(LONG)),
    "no_physician_on_staff": ("unknown",),
}
_NAMES = (
    "Blue Teapot", "Paper Kite", "Cedar", "The Clinic of an Exceedingly Long Name That Goes On and On", "Oak",
    "Ash",
)  # fmt: skip


def own_reviews(visit):
    """A review in every state that its author sees."""
    anna = person()
    visit.enter(signed_in_client(visit.app, anna))
    visit.go("/reviews")
    yield "reviews, none"
    for name, review in reviews_of(anna.id).items():
        visit.go(f"/reviews/{review}")
        yield f"review, {name}"
        if name == "waiting":
            visit.unfold("Take it back")
            yield "review, about to be taken back"
            visit.page.locator("[name=version]").evaluate("field => { field.value = 1 }")
            visit.press("Yes, take it back")
            yield "review, changed meanwhile"
    visit.go("/reviews")
    yield "reviews, many"


def reviews_of(author):
    """Return a review of this author in each state, by its name."""
    clinics = iter([reviewed_clinic(name=name) for name in _NAMES])
    testimony = Judgement(outcome=Outcome.TESTIMONY, reason=Reason.EVIDENCE_NOT_SUPPORTING, words=LONG)
    found = {"waiting": submitted(next(clinics), author, _FULL)}
    for name, verdict in (("sent back", changes_requested()), ("declined", declined())):
        found[name] = submitted(next(clinics), author, _MAILED)
        decided(found[name], verdict)
    followed = next(clinics)
    found["followed"] = approved(followed, author, _FULL, **{CURE: DROPPED, "price_published": testimony})
    found["approved"] = approved(followed, author, _FULL, **{CURE: DROPPED, "price_published": testimony})
    found["taken back"] = submitted(next(clinics), author, _MAILED)
    reviews.withdraw(found["taken back"], author_id=author, seen_version=AS_SUBMITTED, at=NOON)
    return found


def the_form(visit):
    """The form of a review in each state, to what became of it."""
    clinic, anna = reviewed_clinic(name="Paper Kite"), person()
    form, page = f"/clinics/{clinic['public_id']}/review", visit.page
    client = signed_in_client(visit.app, anna)
    visit.enter(client)
    visit.go(form)
    yield "form, empty"
    visit.press("Hand in the review")
    yield "form, nothing answered"
    answer(page)
    page.locator("#tie-owner").check()
    page.locator(f"#{CURE}-value-no").check()
    for shelf in page.locator(".shelf:not([open]) > summary").all():
        if shelf.is_visible():
            shelf.click()
    yield "form, typed"
    visit.press("Hand in the review")
    expect(page.locator("#happened")).to_be_visible()
    yield "form, a tie"
    answer(page)
    spoil(page)
    visit.press("Hand in the review")
    expect(page.locator("#errors")).to_be_visible()
    yield "form, errors"
    yield from out_of_step(visit, form, client)
    yield from decided_on(visit, form, anna, clinic)
    yield from merged(visit, clinic, client)
    yield from closed(visit, client)


def out_of_step(visit, form, client):
    """Another window, a session that ended, and another checklist."""
    page = visit.page
    other = replace(visit, page=page.context.new_page())
    other.go(form)
    answer(other.page)
    other.press("Save draft")
    expect(other.page.locator("#saved")).not_to_be_empty()
    other.page.close()
    page.locator(f"#{HOME}-quote").fill(LONG)
    visit.press("Save draft")
    expect(page.locator("#happened")).to_be_visible()
    yield "form, two windows"
    page.context.clear_cookies()
    visit.press("Save draft")
    yield "form, signed out"
    visit.enter(client)
    with visit.patch.context() as later:
        later.setattr("directory.web.drafts.checklists.current", lambda: _NEXT)
        visit.go(form)
        yield "form, another checklist"


def decided_on(visit, form, anna, clinic):
    page = visit.page
    visit.go(form)
    answer(page)
    for slug in (CURE, "price_published", "no_physician_on_staff"):
        page.locator(f"#{slug}-value-unknown").check()
    page.locator("#no_physician_on_staff-note").fill("")
    visit.press("Hand in the review")
    page.wait_for_url("**/reviews/*")
    yield "review, just handed in"
    review = page.url.rpartition("/")[2]
    visit.go(form)
    yield "form, handed in"
    decided(review, changes_requested())
    visit.go(form)
    yield "form, sent back"
    reviews.withdraw(review, author_id=anna.id, seen_version=AS_SUBMITTED + 1, at=NOON)
    approved(clinic, anna.id, {HOME: ("yes", link())})
    visit.go(form)
    yield "form, an update"
    visit.go(f"{form}/called")
    yield "form, after a call"


def merged(visit, stays, client):
    """The form of a listing that was joined with another while somebody wrote."""
    goes = reviewed_clinic(name="Paper Kite Annex")
    send(client, goes, LEAST)
    relisted(goes, "merge", "merged", target=stays)
    visit.go(f"/clinics/{goes['public_id']}/review")
    yield "form, merged"


def closed(visit, client):
    """The form of a clinic that was recorded as closed while somebody wrote."""
    clinic = reviewed_clinic(name="Blue Teapot")
    send(client, clinic, LEAST | {f"{HOME}-quote": LONG})
    relisted(clinic, "close", "closed")
    visit.go(f"/clinics/{clinic['public_id']}/review")
    yield "form, closed"


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
