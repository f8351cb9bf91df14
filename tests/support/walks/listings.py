"""Walks through suggestions about listings: the forms, what has become of them, and how they are decided on."""

from directory.domain.access import Role
from tests.support.accounts import person, signed_in_client
from tests.support.answers import TODAY
from tests.support.reviews import NOON, reviewed_clinic
from tests.support.suggestions import entered, hidden, relisted, suggested
from tests.support.walks.reviews import LONG


def suggesting(visit):
    """The forms of suggestions, and what has become of them."""
    anna, blue = person(), reviewed_clinic(name="Blue Teapot", phone="+13145550100", routes=3)
    twin = reviewed_clinic(name="The Blue Teapot of an Exceedingly Long Name That Goes On", phone="+13145550100")
    visit.enter(signed_in_client(visit.app, anna))
    visit.go("/suggestions")
    yield "suggestions, none"
    yield from proposing(visit)
    visit.go(f"/clinics/{twin['public_id']}/suggest")
    yield "suggestion, kinds"
    for kind in ("edit", "move", "close", "merge"):
        visit.go(f"/clinics/{twin['public_id']}/suggest?kind={kind}")
        yield f"suggestion, {kind}"
    sent_back = suggested(blue, anna.id, kind="edit")
    entered(sent_back, "request_changes")
    visit.go("/suggestions")
    yield "suggestions, many"
    for name, path in (("sent back", ""), ("sent back, form", "/change")):
        visit.go(f"/suggestions/{sent_back}{path}")
        yield f"suggestion, {name}"
    visit.page.context.clear_cookies()
    visit.fill(words=LONG)
    visit.press("Hand in the correction")
    yield "suggestion, signed out"
    hidden(blue)
    visit.go(f"/clinics/{blue['public_id']}")
    yield "clinic, hidden"
    relisted(twin, "close", "closed")
    visit.go(f"/clinics/{twin['public_id']}")
    yield "clinic, closed"


def proposing(visit):
    visit.go("/clinics/propose")
    yield "proposal"
    visit.fill(name="Teapot", city="Saint Louis", phone="12", link="x", source="The sign at the door")
    visit.press("Hand in the proposal")
    yield "proposal, wrong"
    visit.fill(phone="314-555-0100", link="", seen_on=TODAY.isoformat(), words=LONG)
    visit.page.locator("main [name=state]").select_option("MO")
    visit.page.locator("main [name=tie][value=none]").check()
    visit.press("Hand in the proposal")
    yield "proposal, perhaps listed"
    none_of_these = visit.said("It is none of these. %(hand_in)s") % {"hand_in": visit.said("Hand in the proposal")}
    visit.page.get_by_role("button", name=none_of_these).first.click()
    yield "suggestion, waiting"


def deciding_on_listings(visit):
    """What moderators and administrators see of suggestions and listings."""
    for module in ("hiding", "listing_decisions", "moderation_queue"):
        visit.patch.setattr(f"directory.web.{module}.now", lambda: NOON)
    blue, twin = reviewed_clinic(name="Blue Teapot", phone="+13145550100"), reviewed_clinic(name="Blue Tea Pot")
    kite = reviewed_clinic(name="Paper Kite")
    author = person("ben@example.org").id
    found = {kind: suggested(clinic, author, kind=kind) for kind, clinic in (("edit", blue), ("close", kite))}
    found["merge"] = suggested(twin, author, kind="merge", target=blue)
    visit.enter(signed_in_client(visit.app, person("ad@example.org", role=Role.ADMINISTRATOR)))
    visit.go("/moderation?kind=listing")
    yield "queue of listings"
    for name, revision in found.items():
        visit.go(f"/moderation/listings/{revision}")
        yield f"listing, {name}"
    visit.press("Claim")
    yield "listing, claimed"
    visit.press("Decline")
    yield "listing, no reason"
    entered(found["merge"], "decline")
    visit.press("Decline")
    yield "listing, decided meanwhile"
    visit.go(f"/moderation/clinics/{kite['public_id']}/hide")
    visit.press("Hide it")
    yield "hide, nothing typed"
    hidden(kite)
    for name, path in (("hidden, elsewhere", "hidden?page=elsewhere"), ("hidden", "hidden")):
        visit.go(f"/moderation/{path}")
        yield name
    visit.go(f"/moderation/clinics/{kite['public_id']}/hide")
    yield "hide, hidden"
    visit.go(f"/moderation/listings/{found['edit']}")
    visit.page.context.clear_cookies()
    visit.page.locator("#words").fill(LONG)
    visit.press("Decline")
    yield "listing, signed out"
