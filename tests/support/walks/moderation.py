"""Walks through what moderators see: queue, reviews to decide on, signs to rule on, and what an approval leads to."""

from directory.domain.access import Role
from directory.domain.moderation import Reason
from directory.services import voids, wishes
from directory.services.voids import Vote
from tests.support.accounts import person, signed_in_client
from tests.support.answers import TODAY
from tests.support.reviews import (
    NOON,
    REPLY_OVER,
    account,
    accounts,
    approved,
    confirmed,
    decided,
    declined,
    link,
    pages,
    rechecked,
    reviewed_clinic,
    submitted,
    told,
)  # fmt: skip
from tests.support.signed_in import signed_in
from tests.support.walks.reviews import CURE, HOME, LONG


def deciding_on_reviews(visit):
    """The queue, and a review from its claim to a decision, with what stands in the way of one."""
    at_noon(visit)
    clinic, author = (
        reviewed_clinic(name="The Clinic of an Exceedingly Long Name That Goes On and On"),
        account(role=None),
    )
    full = {HOME: ("yes", link(LONG)), CURE: ("no", *pages(TODAY)), "price_published": ("yes", told(LONG))}
    first = submitted(clinic, author, full)
    meanwhile = submitted(reviewed_clinic(name="Paper Kite"), author, {HOME: ("yes", link())})
    moderator = signed_in(visit.app, person("ben@example.org", role=Role.MODERATOR).id)
    visit.enter(moderator)
    visit.go("/moderation")
    yield "queue"
    visit.press("Decline them")
    yield "queue, nothing ticked"
    for view in ("asked", "decided"):
        visit.go(f"/moderation?view={view}")
        yield f"queue, {view}"
    visit.go(f"/moderation/reviews/{first}")
    yield "review, nobody's"
    visit.press("Claim")
    yield "review, claimed"
    visit.press("Approve as marked")
    yield "review, nothing marked"
    for accepted in visit.page.locator("input[value=accepted]").all():
        accepted.check()
    visit.press("Show what this would do")
    yield "review, what it would do"
    visit.press("Fill in the usual words")
    visit.page.locator("#words").fill(LONG)
    visit.press("Decline")
    yield "review, no reason"
    visit.page.context.clear_cookies()
    visit.press("Decline")
    yield "review, moderator signed out"
    visit.enter(moderator)
    visit.go(f"/moderation/reviews/{meanwhile}")
    decided(meanwhile, declined())
    visit.press("Approve as marked")
    yield "review, decided meanwhile"
    visit.go(f"/moderation/reviews/{meanwhile}")
    yield "review, declined"


def ruling(visit):
    """Critical signs that wait for two moderators, and one of them from a first look to a mended one."""
    at_noon(visit)
    moderator = signed_in(visit.app, person("ben@example.org", role=Role.MODERATOR).id)
    visit.enter(moderator)
    visit.go("/moderation/signs")
    yield "signs, none"
    clinic = reviewed_clinic(name="Paper Kite")
    for by in accounts(2):
        approved(clinic, by, {HOME: ("yes", link(LONG, on=REPLY_OVER))})
    visit.page.reload()
    yield "signs"
    sign = f"/moderation/clinics/{clinic['public_id']}/signs/{HOME}"
    visit.go(sign)
    yield "sign"
    visit.press("Confirm")
    yield "sign, nothing said"
    visit.press("Rule it mended")
    yield "sign, mended, nothing said"
    visit.page.context.clear_cookies()
    visit.press("Rule it mended")
    yield "sign, signed out"
    confirmed(clinic, HOME)
    visit.enter(moderator)
    visit.go(sign)
    yield "sign, confirmed"


def after_approval(visit):
    """What moderators and the author see of an approved review, and of a clinic whose sign is looked at again."""
    at_noon(visit)
    anna, ben, cleo = person(), person("ben@example.org", role=Role.MODERATOR), person("cleo@example.org")
    clinic = reviewed_clinic(name="Paper Kite")
    review = approved(clinic, anna.id, {HOME: ("yes", link(on=REPLY_OVER)), CURE: ("yes", link(LONG))})
    approved(clinic, cleo.id, {CURE: ("no", *pages(TODAY))})
    rechecked(review, HOME)
    confirmed(clinic, HOME)
    visit.enter(signed_in_client(visit.app, anna))
    visit.go(f"/reviews/{review}")
    visit.unfold("Ask to have it back")
    yield "own review, about to be wished back"
    visit.page.locator("#words").fill(LONG)
    visit.press("Ask for it")
    yield "own review, wished back"
    visit.enter(signed_in(visit.app, ben.id))
    for path in ("approved", f"reviews/{review}", f"reviews/{review}/void", f"reviews/{review}/link"):
        visit.go(f"/moderation/{path}")
        yield f"moderation, {path.replace(review, 'review')}"
    visit.press("Propose it")
    yield "link, nothing chosen"
    visit.go(f"/moderation/reviews/{review}/void")
    visit.press("Vote to make it void")
    yield "void, nothing said"
    voids.vote(review, Vote(reason=Reason.COPIED_TEXT, words=LONG), moderator_id=account(), seen_version=3, at=NOON)
    visit.go(f"/moderation/reviews/{review}/void")
    yield "void, one has voted"
    yield from holding(visit, clinic)
    wishes.grant(review, moderator_id=account(), seen_version=3, at=NOON)
    visit.go("/moderation/signs/again")
    yield "signs to look at again"
    visit.go(f"/clinics/{clinic['public_id']}")
    yield "clinic's page, a sign is looked at again"
    visit.go("/log")
    yield "log"
    visit.page.locator("main a[href*='/log/']").first.click()
    yield "log, an entry"


def holding(visit, clinic):
    visit.go(f"/moderation/clinics/{clinic['public_id']}")
    yield "clinic"
    visit.fill(days="40", words=LONG)
    visit.press("Hold new reviews")
    yield "clinic, too long"
    visit.fill(days="3")
    visit.press("Hold new reviews")
    yield "clinic, held"


def at_noon(visit):
    for module in ("afterwards", "desk", "moderation", "moderation_queue", "reviews", "rulings"):
        visit.patch.setattr(f"directory.web.{module}.now", lambda: NOON)
