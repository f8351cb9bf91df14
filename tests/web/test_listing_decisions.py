from datetime import timedelta

import pytest

from directory.domain.access import Role
from directory.domain.profile import ListingStatus
from directory.domain.revisions import DECLINING
from directory.domain.ties import TieKind
from directory.domain.waiting import ItemKind
from directory.extensions import writing
from directory.models import Account, Clinic, ListingDecision, Revision
from directory.services import access, claims, queue_lines
from directory.web.listing_words import USUAL
from tests.support.accounts import fields
from tests.support.answers import TODAY
from tests.support.client import Page
from tests.support.proposals import CLINIC, PROPOSE, handed_in, held, suggest_at
from tests.support.reviews import NOON, account, accounts, link, reviewed_clinic, submitted
from tests.support.signed_in import sign_in_address, signed_in, words
from tests.support.suggestions import entered, hidden, suggested
from tests.support.tables import row_counts, rows

pytestmark = pytest.mark.usefixtures("at_noon")
WHY = {"reason": "no_source", "words": "Nobody can open it."}


def test_a_moderator_sees_what_would_change_on_what_source_and_who_says_so(app):
    author = account(role=None)
    clinic = reviewed_clinic(name="Blue Teapot", phone="+13145550100")
    revision = handed_in(signed_in(app, author), suggest_at(clinic, "edit"), {"phone": "314-555-0177", "tie": "owner"})

    page = signed_in(app, account()).get(f"/moderation/listings/{revision}")

    said = words(page)
    assert "Correction: Blue Teapot Saint Louis, MO&nbsp;· Waiting for a decision" in said
    assert "Telephone 314-555-0100 314-555-0177" in said
    assert '<a id="source" href="https://clinic.example/contact" rel="nofollow ugc noopener noreferrer">' in page.text
    assert "In the author’s words Their page says so." in said
    assert f"Suggested by {queue_lines.pseudonym(rows(Account, Account.id == author)[0].public_id)}" in said
    assert "<strong>I own it, or a part of it</strong>" in page.text
    assert "The listing says so from now on, with this source and day." in said


def test_of_a_new_listing_the_facts_and_all_that_looks_alike_are_shown(app):
    client = signed_in(app, account(role=None))
    before = handed_in(client, PROPOSE, CLINIC | {"phone": "309-555-0142"})
    revision = handed_in(signed_in(app, account(role=None)), PROPOSE, CLINIC | {"phone": "309-555-0142"})

    page = signed_in(app, account()).get(f"/moderation/listings/{revision}")

    said = words(page)
    assert "New listing: Copper Snail Ketamine Peoria, IL" in said
    assert "Name Copper Snail Ketamine City Peoria State Illinois Telephone 309-555-0142 Source" in said
    assert "Proposed, not public. The same telephone number. The same name in this state." in said
    (unseen,) = rows(Clinic, Clinic.source_key == before)
    assert unseen.public_id not in page.text


def test_two_listings_stand_side_by_side(app):
    gone = reviewed_clinic(name="Blue Teapot", phone="+13145550100")
    stays = reviewed_clinic(name="Blue Teapot Ketamine", phone="+13145550100")
    revision = suggested(gone, account(role=None), kind="merge", target=stays)

    page = signed_in(app, account()).get(f"/moderation/listings/{revision}")
    said = words(page)

    # on a phone the head of the table is not shown, so the names lead to the listings as well
    assert page.text.count(f'<a href="/clinics/{gone["public_id"]}/blue-teapot"><bdi>') == 2
    assert page.text.count(f'<a href="/clinics/{stays["public_id"]}/blue-teapot-ketamine"><bdi>') == 2
    assert "Name Would go: Blue Teapot Would stay: Blue Teapot Ketamine" in said
    assert "Telephone (the same) Would go: 314-555-0100 Would stay: 314-555-0100" in said
    assert "Reviews that count Would go: 0 Would stay: 0" in said
    assert "Warning signs Would go: All five unknown Would stay: All five unknown" in said


@pytest.mark.parametrize(
    ("action", "status", "said"),
    [
        ("approve", "approved", "You approved what was suggested about Blue Teapot."),
        ("request_changes", "changes_requested", "You asked for changes to what was suggested about Blue Teapot."),
        ("decline", "declined", "You declined what was suggested about Blue Teapot."),
    ],
)
def test_a_decision_leads_back_to_the_queue(app, action, status, said):
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None))
    client = signed_in(app, account())

    answer = decide(client, revision, WHY | {"action": action})

    assert answer.location == "/moderation"
    assert said in client.get("/moderation").text
    assert rows(Revision)[0].status == status
    assert (rows(Clinic)[0].phone == "+13145550100") is (action == "approve")


def test_two_people_agree_that_a_clinic_is_listed_twice(app):
    gone, stays = reviewed_clinic(name="Blue Teapot"), reviewed_clinic(name="Blue Teapot Ketamine")
    revision = suggested(gone, account(role=None), kind="merge", target=stays)
    first, second = (signed_in(app, each) for each in accounts(2))

    decide(first, revision, {"action": "approve"})
    said = words(first.get("/moderation"))
    waits = words(first.get(f"/moderation/listings/{revision}"))
    decide(second, revision, {"action": "approve"})

    assert "You agreed that Blue Teapot is listed twice. Somebody else must agree as well." in said
    assert "You agreed to this. It waits for somebody else." in waits
    assert "Ask for changes" not in waits
    assert [row.status for row in rows(Clinic)] == [ListingStatus.MERGED, ListingStatus.PUBLISHED]


@pytest.mark.parametrize(
    ("typed", "linked"),
    [
        ({"action": "decline"}, ["#reason", "#words"]),
        ({"action": "request_changes", "reason": "no_source"}, ["#words"]),
        ({"action": "decline", "reason": "legal_request", "words": "Because."}, ["#reason"]),
        ({"action": "decline", "reason": "no_source", "words": "\x07"}, ["#words"]),
        ({"action": "publish"}, ["#action"]),
    ],
)
def test_what_a_decision_lacks_is_said_and_nothing_is_decided(app, typed, linked):
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None))

    answer = decide(signed_in(app, account()), revision, typed)

    assert answer.status_code == 422
    assert [
        tag["href"] for tag in Page(answer.text).all("a") if tag["href"] in {"#reason", "#words", "#action"}
    ] == linked
    assert rows(Revision)[0].status == "submitted"


def test_the_usual_words_of_a_reason_can_be_asked_for(app):
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None))

    answer = decide(signed_in(app, account()), revision, {"action": "words", "reason": "duplicate"})

    assert answer.status_code == 200
    assert held(answer)["words"] == "This clinic is listed already. If something is wrong there, please correct it."
    assert set(USUAL) == set(DECLINING)


def test_what_was_decided_meanwhile_is_not_decided_twice_and_nothing_typed_is_lost(app):
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None))
    client = signed_in(app, account())
    page = client.get(f"/moderation/listings/{revision}")
    entered(revision, "decline")

    answer = decide(client, revision, WHY | {"action": "decline"}, page=page)

    assert answer.status_code == 409
    said = words(answer)
    assert "This suggestion has changed since you opened it." in said
    assert "As it stands now: Declined." in said
    assert "What to do Decline Reason Nobody else can look at the source In words Nobody can open it." in said
    assert [row.action for row in rows(ListingDecision)] == ["submit", "decline"]


def test_what_the_listing_says_otherwise_by_now_cannot_be_approved(app):
    clinic = reviewed_clinic(name="Blue Teapot", phone="+13145550111")
    revision = handed_in(signed_in(app, account(role=None)), suggest_at(clinic, "edit"), {"phone": "314-555-0177"})
    with writing() as session:
        session.execute(Clinic.__table__.update().values(phone="+13145550122"))
    client = signed_in(app, account())

    page = client.get(f"/moderation/listings/{revision}")
    answer = decide(client, revision, {"action": "approve"})

    assert "The listing changed since this was suggested, so it cannot be approved as it is." in page.text
    assert "Now it reads: 314-555-0122" in words(page)
    assert answer.status_code == 409


@pytest.mark.security(29)
@pytest.mark.parametrize("act", ["claim", "renew", "approve", "decline"])
def test_what_another_has_open_is_neither_claimed_nor_decided_and_nothing_typed_is_lost(app, act):
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None))
    mo, other = accounts(2)
    client = signed_in(app, mo)
    page = client.get(f"/moderation/listings/{revision}")
    claims.claim(revision, moderator_id=other, at=NOON, kind=ItemKind.LISTING)

    answer = decide(client, revision, WHY | {"action": act}, page=page)

    assert answer.status_code == 409
    said = (
        "Your claim has run out." if act == "renew" else "Another moderator has this suggestion open until 12:15 UTC."
    )
    assert said in words(answer)
    assert "Nobody can open it." in answer.text
    assert "Another moderator has this open until 12:15 UTC." in client.get(f"/moderation/listings/{revision}").text


def test_a_claim_keeps_what_was_typed_and_is_given_back(app):
    revision, mo = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None)), account()
    client = signed_in(app, mo)

    claimed = decide(client, revision, WHY | {"action": "claim"})
    released = decide(client, revision, {"action": "release"}, page=claimed)

    assert "Yours until 12:15 UTC, 15 minutes left" in words(claimed)
    assert held(claimed)["words"] == WHY["words"]
    assert released.location == "/moderation"
    assert rows(Revision)[0].claimed_by_id is None


def test_the_next_item_is_a_review_or_a_suggestion_whichever_waits_longer(app):
    review = submitted(reviewed_clinic(), account(role=None), {"at_home_use_offered": ("yes", link())})
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None), at=NOON - timedelta(minutes=1))
    client = signed_in(app, account())

    first = client.post("/moderation/next", data=fields(client.get("/moderation")))
    page = client.get(first.location)
    second = client.post("/moderation/next", data=fields(page) | {"after": revision})

    assert first.location == f"/moderation/listings/{revision}"
    assert second.location == f"/moderation/reviews/{review}"


def test_the_queue_shows_one_kind_alone_where_that_is_asked_for(app):
    review = submitted(reviewed_clinic(), account(role=None), {"at_home_use_offered": ("yes", link())})
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None), kind="close")
    client = signed_in(app, account())

    shown = {kind: client.get(f"/moderation?kind={kind}") for kind in ("", "review", "listing")}

    found = {kind: {each for each in (review, revision) if f'/{each}"' in page.text} for kind, page in shown.items()}
    assert found == {"": {review, revision}, "review": {review}, "listing": {revision}}
    assert "Waiting: 2" in shown["listing"].text
    assert "Everything Reviews: 1 Listings: 1" in words(shown["listing"])
    assert "Closed: Blue Teapot" in words(shown["listing"])
    assert f'value="{review}:2"' in shown[""].text
    assert f'value="{revision}:1"' not in shown[""].text


def test_suggestions_that_are_spam_are_declined_together_and_each_refusal_is_told(app):
    author, mo = account(role=None), account()
    spam = [suggested(reviewed_clinic(name=f"Teapot {each}"), author) for each in range(3)]
    claims.claim(spam[2], moderator_id=account(), at=NOON, kind=ItemKind.LISTING)
    client = signed_in(app, mo)
    token = fields(client.get("/moderation?kind=listing"))
    chosen = {"chosen": [f"{each}:1" for each in spam]}

    lacking = client.post("/moderation/decline?kind=listing", data=token | chosen | {"reason": "no_evidence"})
    answer = client.post("/moderation/decline?kind=listing", data=token | chosen | WHY)

    assert lacking.status_code == 422
    assert linked_fields(lacking) == ["#reason", "#words"]
    assert lacking.text.count("<input checked") + lacking.text.count(" checked>") == 3
    assert answer.location == "/moderation?kind=listing"
    said = words(client.get(answer.location))
    assert "You declined 2 suggestions." in said
    assert f"Not declined: suggestion {spam[2]}. Another moderator has this suggestion open" in said
    assert sorted(row.status for row in rows(Revision)) == ["declined", "declined", "submitted"]


def test_a_moderator_who_was_signed_out_gets_back_what_was_typed(app):
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None))
    client = signed_in(app, account())
    page = client.get(f"/moderation/listings/{revision}")
    with client.session_transaction() as cookie:
        token = cookie["csrf_token"]
        cookie.clear()
        cookie["csrf_token"] = token

    answer = decide(client, revision, WHY | {"action": "decline"}, page=page)

    assert answer.status_code == 401
    assert "Nobody can open it." in answer.text
    assert f'href="{sign_in_address(app)}"' in answer.text


@pytest.mark.security(22, 24)
def test_of_a_tied_clinic_nothing_is_there_and_nobody_decides_on_their_own(app):
    clinic, mo = reviewed_clinic(name="Blue Teapot"), account()
    own = suggested(reviewed_clinic(name="Paper Kite"), mo)
    tied = suggested(clinic, account(role=None))
    with writing() as session:
        number = rows(Clinic, Clinic.public_id == clinic["public_id"])[0].id
        access.declare(session, TieKind.FAMILY, mo, number, at=NOON)
    client = signed_in(app, mo)

    assert client.get(f"/moderation/listings/{own}").status_code == 403
    assert client.get(f"/moderation/listings/{tied}").status_code == 404
    assert client.get(f"/moderation/listings/{tied}/state").status_code == 404


def test_a_page_that_is_read_can_ask_how_the_suggestion_stands(app):
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None))
    client = signed_in(app, account())

    before = client.get(f"/moderation/listings/{revision}/state").json
    entered(revision, "decline")
    after = client.get(f"/moderation/listings/{revision}/state").json

    assert (before, after) == ({"version": 1, "is_waiting": True}, {"version": 2, "is_waiting": False})


def test_an_administrator_hides_a_listing_for_a_time_and_shows_it_again(app):
    clinic = reviewed_clinic(name="Blue Teapot")
    client = signed_in(app, account(role=Role.ADMINISTRATOR))
    address = f"/moderation/clinics/{clinic['public_id']}/hide"
    until = (TODAY + timedelta(days=90)).isoformat()

    client.post(address, data=held(client.get(address)) | WHY | {"reason": "legal_request", "until": until})
    listed = words(client.get("/moderation/hidden"))
    shown = client.get(address)
    client.post(address, data=held(shown) | {"words": "The request was taken back."})

    assert "Blue Teapot is hidden. Its page says so, and since when." in listed
    assert "Blue Teapot Saint Louis, MO To be looked at again by 19 Feb 2027" in listed
    assert "Why Somebody asked for it with a legal reason: Nobody can open it." in words(shown)
    assert [(row.action, row.listing_to) for row in rows(ListingDecision)] == [
        ("hide", "hidden"),
        ("unhide", "published"),
    ]
    assert "Nothing is hidden." in client.get("/moderation/hidden").text


@pytest.mark.parametrize(
    ("typed", "linked"),
    [
        ({}, ["#reason", "#words", "#until"]),
        (WHY | {"until": TODAY.isoformat()}, ["#until"]),
        (WHY | {"until": (TODAY + timedelta(days=366)).isoformat()}, ["#until"]),
        (WHY | {"until": "soon"}, ["#until"]),
    ],
)
def test_what_hiding_lacks_is_said_and_nothing_is_hidden(app, typed, linked):
    clinic = reviewed_clinic(name="Blue Teapot")
    client = signed_in(app, account(role=Role.ADMINISTRATOR))
    address = f"/moderation/clinics/{clinic['public_id']}/hide"

    answer = client.post(address, data=held(client.get(address)) | typed)

    assert answer.status_code == 422
    assert [
        tag["href"] for tag in Page(answer.text).all("a") if tag["href"] in {"#reason", "#words", "#until"}
    ] == linked
    assert held(answer) | typed == held(answer)
    assert row_counts()["listing_decision"] == 0


def test_a_listing_that_was_hidden_meanwhile_is_not_hidden_again(app):
    clinic = reviewed_clinic(name="Blue Teapot")
    client = signed_in(app, account(role=Role.ADMINISTRATOR))
    address = f"/moderation/clinics/{clinic['public_id']}/hide"
    page = client.get(address)
    hidden(clinic)

    until = (TODAY + timedelta(days=90)).isoformat()
    answer = client.post(address, data=held(page) | WHY | {"reason": "legal_request", "until": until})

    assert answer.status_code == 409
    assert "The listing has changed since you opened this page. Nothing was stored." in words(answer)
    assert "Nobody can open it." in answer.text


def test_the_address_of_a_page_leads_to_the_form_that_hides_it(app):
    clinic = reviewed_clinic(name="Blue Teapot")
    client = signed_in(app, account(role=Role.ADMINISTRATOR))

    found = client.get(f"/moderation/hidden?page=https://directory.example/clinics/{clinic['public_id']}/blue-teapot")
    other = client.get("/moderation/hidden?page=https://elsewhere.example/")

    assert found.location == f"/moderation/clinics/{clinic['public_id']}/hide"
    assert '<a href="#page">Copy the address of the listing’s page here.</a>' in other.text


def test_only_administrators_are_led_to_what_is_hidden(app):
    pages = {role: signed_in(app, account(role=role)).get("/moderation").text for role in Role if role in _STAFF}

    assert {role: 'href="/moderation/hidden"' in page for role, page in pages.items()} == {
        Role.MODERATOR: False,
        Role.ADMINISTRATOR: True,
    }


def test_the_queue_says_that_the_time_of_a_hidden_listing_is_over_and_it_stays_hidden(app):
    over, later = reviewed_clinic(name="Blue Teapot"), reviewed_clinic(name="Paper Kite")
    hidden(over, until=TODAY, at=NOON - timedelta(days=9))
    hidden(later, until=TODAY + timedelta(days=1))

    moderator = words(signed_in(app, account()).get("/moderation"))
    administrator = words(signed_in(app, account(role=Role.ADMINISTRATOR)).get("/moderation/hidden"))

    assert "1 hidden listing is to be looked at again, which an administrator can do." in moderator
    assert "Blue Teapot Saint Louis, MO To be looked at again since 21 Nov 2026" in administrator
    assert "Paper Kite Saint Louis, MO To be looked at again by 22 Nov 2026" in administrator
    assert {row.status for row in rows(Clinic)} == {ListingStatus.HIDDEN}


_STAFF = (Role.MODERATOR, Role.ADMINISTRATOR)


def linked_fields(page):
    """Return where the lines of the error summary lead."""
    return [tag["href"] for tag in Page(page.text).all("a") if tag["href"][0] == "#" and tag["href"] != "#main"]


def decide(client, revision, typed, *, page=None):
    """Press a button of the form in `page`, by default as it is opened now."""
    address = f"/moderation/listings/{revision}"
    page = page or client.get(address)
    return client.post(address, data={"after": ""} | held(page) | typed)


@pytest.fixture
def at_noon(monkeypatch):
    """Let the pages be of the moment at which everything else happens."""
    for module in ("suggestions", "listing_decisions", "moderation_queue", "hiding"):
        monkeypatch.setattr(f"directory.web.{module}.now", lambda: NOON)
    for module in ("suggestion_forms", "listing_forms"):
        monkeypatch.setattr(f"directory.web.{module}.today", lambda: TODAY)
