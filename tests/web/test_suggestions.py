import pytest
from sqlalchemy import update

from directory.domain.profile import ListingStatus
from directory.domain.revisions import RevisionKind
from directory.extensions import writing
from directory.models import Clinic, ListingDecision, Revision, Tie
from tests.support.answers import TODAY
from tests.support.client import Page
from tests.support.proposals import CLINIC, PROPOSE, SAID, handed_in, held, send, suggest_at
from tests.support.review_forms import ORIGIN
from tests.support.reviews import NOON, account, reviewed_clinic
from tests.support.signed_in import SMUGGLED, sign_in_address, signed_in, words
from tests.support.suggestions import entered, hidden, relisted, suggested
from tests.support.tables import row_counts, rows

pytestmark = pytest.mark.usefixtures("at_noon")


def test_a_clinic_that_is_not_listed_is_proposed_with_little(app):
    client = signed_in(app, account(role=None))

    answer = send(client, PROPOSE, CLINIC | SAID)

    (revision,) = rows(Revision)
    assert answer.location == f"/suggestions/{revision.public_id}"
    assert (revision.kind, revision.status, revision.source) == ("new", "submitted", "clinic.example")
    assert [(row.name, row.status) for row in rows(Clinic)] == [("Copper Snail Ketamine", ListingStatus.PROPOSED)]
    page = client.get(answer.location)
    assert "Thank you. It was handed in, and a moderator will look at the source." in page.text
    assert "Waiting for a moderator" in page.text


def test_what_was_proposed_is_on_no_public_page(app):
    client = signed_in(app, account(role=None))
    handed_in(client, PROPOSE, CLINIC)
    (clinic,) = rows(Clinic)

    assert app.test_client().get(f"/clinics/{clinic.public_id}").status_code == 404
    assert "Copper Snail" not in client.get("/search?near=Peoria, IL").text


def test_prices_insurance_and_the_like_can_be_suggested_and_are_read_as_words(app):
    client = signed_in(app, account(role=None))
    said = {"price": "$300 to $800", "insurance": ["superbill"], "accepts": ["adults_only", "self_referral"]}

    page = client.get(f"/suggestions/{handed_in(client, PROPOSE, CLINIC | said)}").text

    assert "$300 to $800 a session" in page
    assert "Bill to hand in yourself (superbill)" in page
    assert "Adults only, Without a referral" in page
    assert "<bdi>Illinois</bdi>" in page
    (clinic,) = rows(Clinic)
    assert (clinic.price_min, clinic.price_max, clinic.insurance, clinic.accepts) == (300, 800, 8, 9)


def test_all_that_is_wrong_is_said_at_once_beside_each_field_and_nothing_typed_is_lost(app):
    client = signed_in(app, account(role=None))
    wrong = {
        "name": "", "phone": "12", "postal_code": "x", "website": "none", "npi": "1234567890", "seen_on": "yesterday",
        "address": "7 Mill Lane", "routes": "iv_infusion", "state": "MO",
    }  # fmt: skip

    answer = send(client, PROPOSE, wrong)

    assert answer.status_code == 422
    linked = {tag["href"] for tag in Page(answer.text).all("a") if tag["href"].startswith("#")}
    assert linked >= {
        "#name", "#city", "#postal_code", "#phone", "#website", "#npi", "#source", "#seen_on", "#words", "#tie-0",
    }  # fmt: skip
    assert held(answer) | wrong == held(answer)
    assert row_counts()["revision"] == 0
    assert row_counts()["clinic"] == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seen_on": "2026-13-01"}, "Give the whole date."),
        ({"seen_on": "2099-01-01"}, "It cannot lie in the future."),
        ({"link": "my notes"}, "Copy the whole address, like https://clinic.example."),
        ({"link": ""}, "Paste the link of a page above, or say here how you learned it."),
        ({"words": "x" * 1001}, "Shorten this to 1,000 characters."),
        ({"source": "\x07"}, "Copy the words as plain text"),
        ({"tie": "friend"}, "Say whether you have a tie to this clinic."),
        ({"state": "XX"}, "Choose the state."),
        ({"routes": "by_mouth"}, "Choose from the answers offered."),
        ({"insurance": "all"}, "Choose from the answers offered."),
        ({"price": "cheap"}, "Enter whole dollars for one session, like 400"),
        ({"key": ""}, "This form is not whole any more."),
    ],
)
def test_each_mistake_is_said_in_words_that_help(app, wrong, sentence):
    client = signed_in(app, account(role=None))

    answer = send(client, PROPOSE, CLINIC | SAID | wrong)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert row_counts()["revision"] == 0


def test_a_second_press_of_the_button_leads_to_the_first(app):
    client = signed_in(app, account(role=None))
    page = client.get(PROPOSE)

    answers = [send(client, PROPOSE, CLINIC | SAID, page=page) for _ in range(2)]

    assert answers[0].location == answers[1].location
    assert row_counts()["revision"] == 1


def test_what_may_be_listed_already_is_shown_first_and_nothing_typed_is_lost(app):
    alike = reviewed_clinic(name="Copper Snail", phone="+13095550142", city="Peoria", state="IL")
    client = signed_in(app, account(role=None))
    typed = CLINIC | SAID | {"phone": "309-555-0142"}

    answer = send(client, PROPOSE, typed)

    assert answer.status_code == 409
    assert "Is it one of these? These look alike." in words(answer)
    assert f'href="/clinics/{alike["public_id"]}/copper-snail"' in answer.text
    assert "The same telephone number." in answer.text
    assert held(answer) | typed == held(answer)
    assert row_counts()["revision"] == 0


def test_whoever_says_that_it_is_none_of_those_shown_proposes_it(app):
    reviewed_clinic(name="Copper Snail", phone="+13095550142", city="Peoria", state="IL")
    client = signed_in(app, account(role=None))
    shown = send(client, PROPOSE, CLINIC | SAID | {"phone": "309-555-0142"})

    plain = send(client, PROPOSE, page=shown)
    answer = send(client, PROPOSE, {"do": "despite", "tie": "none"}, page=shown)

    assert plain.status_code == 409
    assert answer.status_code == 303


def test_a_listing_can_be_said_to_be_wrong_in_the_ways_that_fit_it(app):
    clinic, closed = reviewed_clinic(name="Blue Teapot"), reviewed_clinic(name="Paper Kite")
    relisted(closed, "close", "closed")
    client = signed_in(app, account(role=None))

    offered = {
        name["name"]: [tag["href"].rpartition("=")[2] for tag in links(client, name) if "kind=" in tag["href"]]
        for name in (clinic, closed)
    }

    assert offered == {"Blue Teapot": ["edit", "move", "close", "merge"], "Paper Kite": ["reopen", "merge"]}


def links(client, clinic):
    return Page(client.get(f"/clinics/{clinic['public_id']}/suggest").text).all("a")


def test_a_correction_begins_with_the_facts_and_states_those_alone_that_were_changed(app):
    clinic = reviewed_clinic(name="Blue Teapot", phone="+13145550100", contact_email="us@clinic.example", routes=3)
    client = signed_in(app, account(role=None))
    page = client.get(suggest_at(clinic, "edit"))
    assert held(page)["phone"] == "314-555-0100"
    assert "us@clinic.example" not in page.text
    assert page.text.count("<input checked") == 2

    typed = SAID | {"phone": "(314) 555-0177", "routes": ["iv_infusion", "im_injection"]}
    handed = send(client, suggest_at(clinic, "edit"), typed, page=page)

    shown = words(client.get(handed.location))
    assert "Telephone 314-555-0100 314-555-0177" in shown
    assert "Form of treatment" not in shown


def test_of_what_changed_meanwhile_only_what_the_author_touched_is_suggested(app, change):
    clinic = reviewed_clinic(name="Blue Teapot", phone="+13145550100")
    client = signed_in(app, account(role=None))
    page = client.get(suggest_at(clinic, "edit"))
    change(clinic, phone="+13145550199")

    handed = send(client, suggest_at(clinic, "edit"), SAID | {"name": "Blue Tea Pot"}, page=page)

    shown = words(client.get(handed.location))
    assert "Name Blue Teapot Blue Tea Pot" in shown
    assert "Telephone" not in shown


@pytest.mark.parametrize("forged", ["[" * 100_000, '{"name":' * 5_000, "null", '{"name": [[1]]}'])
def test_what_a_form_says_it_began_with_may_be_anything(app, forged):
    clinic = reviewed_clinic()
    client = signed_in(app, account(role=None))

    answer = send(client, suggest_at(clinic, "edit"), SAID | {"name": "Paper Kite", "opened_with": forged})

    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("move", "Report that Blue Teapot has moved"),
        ("close", "Report that Blue Teapot has closed"),
        ("merge", "Report that Blue Teapot is listed twice"),
    ],
)
def test_what_nobody_has_decided_yet_is_called_a_report(app, kind, heading):
    clinic = reviewed_clinic(name="Blue Teapot")

    page = words(signed_in(app, account(role=None)).get(suggest_at(clinic, kind)))

    assert f"{heading} " in page
    assert "Hand in the report" in page
    assert ("Two moderators without a tie to the clinic look at the source" in page) is (kind == "merge")


def test_a_correction_that_corrects_nothing_is_told_so(app):
    clinic = reviewed_clinic(name="Blue Teapot")
    client = signed_in(app, account(role=None))

    answer = send(client, suggest_at(clinic, "edit"), SAID)

    assert answer.status_code == 422
    assert 'href="#name"' in answer.text
    assert "All of this stands in the listing already." in answer.text


@pytest.mark.parametrize("kind", ["close", "move"])
def test_a_move_or_a_closing_is_suggested(app, kind):
    clinic = reviewed_clinic(name="Blue Teapot", city="Peoria", state="IL")
    client = signed_in(app, account(role=None))

    handed_in(client, suggest_at(clinic, kind), {"address": "1 New Street"} if kind == "move" else {})

    (revision,) = rows(Revision)
    assert revision.kind == kind
    assert rows(Clinic)[0].status == ListingStatus.PUBLISHED


def test_two_listings_of_one_clinic_are_found_by_what_is_alike_or_by_an_address(app):
    one = reviewed_clinic(name="Blue Teapot", phone="+13145550100")
    same = reviewed_clinic(name="Blue Teapot Ketamine", phone="+13145550100")
    third = reviewed_clinic(name="Paper Kite")
    client = signed_in(app, account(role=None))
    page = client.get(suggest_at(one, "merge"))
    assert [tag["value"] for tag in Page(page.text).all("input") if tag.get("name") == "target"] == [same["public_id"]]

    nothing = send(client, suggest_at(one, "merge"), SAID, page=page)
    pasted = f"https://directory.example/clinics/{third['public_id']}/paper-kite?x=1"
    answer = send(client, suggest_at(one, "merge"), SAID | {"target": same["public_id"], "pasted": pasted}, page=page)

    assert (nothing.status_code, answer.status_code) == (422, 303)
    assert 'href="#pasted"' in nothing.text
    assert "It is the same clinic as Paper Kite, Saint Louis, MO." in words(client.get(answer.location))


def test_what_cannot_be_suggested_of_a_listing_as_it_stands_leads_to_what_can(app):
    clinic = reviewed_clinic(name="Blue Teapot")
    client = signed_in(app, account(role=None))

    answer = client.get(suggest_at(clinic, "reopen"))
    nonsense = client.get(suggest_at(clinic, "paint"))

    assert answer.status_code == 409
    assert "This cannot be suggested of the listing as it stands now." in answer.text
    assert nonsense.status_code == 200
    assert "What is wrong with this listing?" in nonsense.text


@pytest.mark.parametrize("became", ["closed", "hidden"])
def test_what_becomes_of_a_listing_while_somebody_writes_loses_nothing_typed(app, became):
    clinic = reviewed_clinic()
    client = signed_in(app, account(role=None))
    page = client.get(suggest_at(clinic, "edit"))
    relisted(clinic, "close", "closed") if became == "closed" else hidden(clinic)

    answer = send(client, suggest_at(clinic, "edit"), SAID | {"name": "Paper Kite"}, page=page)

    assert answer.status_code == {"closed": 409, "hidden": 404}[became]
    assert held(answer)["name"] == "Paper Kite"
    assert held(answer)["words"] == SAID["words"]
    assert row_counts()["revision"] == (became == "closed")


def test_one_suggestion_of_a_listing_waits_at_a_time_and_nothing_typed_is_lost(app):
    clinic = reviewed_clinic(name="Blue Teapot")
    client = signed_in(app, account(role=None))
    handed_in(client, suggest_at(clinic, "close"))
    typed = SAID | {"phone": "314-555-0177", "words": "Another thing."}

    answer = send(client, suggest_at(clinic, "edit"), typed)

    assert answer.status_code == 409
    assert "You have suggested something about this listing that is not decided yet." in answer.text
    assert held(answer) | typed == held(answer)


def test_somebody_whose_session_ended_keeps_what_they_typed_and_can_hand_it_in(app):
    clinic, author = reviewed_clinic(name="Blue Teapot", phone="+13145550100"), account(role=None)
    client = signed_in(app, author)
    typed = SAID | {"phone": "314-555-0177"}
    page = client.get(suggest_at(clinic, "edit"))
    with client.session_transaction() as cookie:
        token = cookie["csrf_token"]
        cookie.clear()
        cookie["csrf_token"] = token

    out = send(client, suggest_at(clinic, "edit"), typed, page=page)
    again = signed_in(app, author)
    with again.session_transaction() as cookie:
        cookie["csrf_token"] = token
    handed = send(again, suggest_at(clinic, "edit"), page=out)

    assert out.status_code == 401
    assert "You are signed out. What you typed is still on this page" in out.text
    assert f'href="{sign_in_address(app)}"' in out.text
    assert held(out) | typed == held(out)
    assert handed.status_code == 303


def test_which_listing_somebody_chose_stays_on_the_page_when_they_are_signed_out(app):
    one = reviewed_clinic(name="Blue Teapot", phone="+13145550100")
    same = reviewed_clinic(name="Blue Teapot Ketamine", phone="+13145550100")
    client = signed_in(app, account(role=None))
    page = client.get(suggest_at(one, "merge"))
    with client.session_transaction() as cookie:
        token = cookie["csrf_token"]
        cookie.clear()
        cookie["csrf_token"] = token

    out = send(client, suggest_at(one, "merge"), SAID | {"target": same["public_id"]}, page=page)

    assert out.status_code == 401
    assert held(out)["target"] == same["public_id"]


def test_a_page_that_was_open_for_too_long_gives_back_what_was_typed(app):
    client = signed_in(app, account(role=None))
    typed = CLINIC | SAID

    answer = send(client, PROPOSE, typed | {"csrf_token": "of last week"}, headers=ORIGIN)
    again = send(client, PROPOSE, page=answer)

    assert answer.status_code == 400
    assert "This page was open for too long" in answer.text
    assert again.status_code == 303


def test_a_tie_bars_no_suggestion_and_is_declared(app):
    clinic = reviewed_clinic(name="Blue Teapot")
    client = signed_in(app, account(role=None))

    handed_in(client, suggest_at(clinic, "close"), {"tie": "owner"})

    assert [tie.kind for tie in rows(Tie)] == ["owner"]


@pytest.mark.security(26)
def test_no_form_says_whose_a_suggestion_is_or_how_it_stands(app):
    author = account(role=None)
    client = signed_in(app, author)

    handed_in(client, PROPOSE, CLINIC | SMUGGLED | {"state": "IL", "status": "published", "version": "9"})

    (revision,) = rows(Revision)
    assert (revision.author_id, revision.status, revision.version) == (author, "submitted", 1)
    assert rows(Clinic)[0].status == ListingStatus.PROPOSED


def test_what_people_write_is_text_on_every_page(app):
    client = signed_in(app, account(role=None))
    hostile = "<script>alert(1)</script>"

    revision = handed_in(client, PROPOSE, CLINIC | {"name": hostile, "words": hostile, "source": hostile})

    for path in (f"/suggestions/{revision}", "/suggestions"):
        page = client.get(path)
        assert hostile not in page.text
        assert "&lt;script&gt;" in page.text
    moderator = signed_in(app, account()).get(f"/moderation/listings/{revision}")
    assert hostile not in moderator.text
    assert moderator.text.count("&lt;script&gt;") >= 3


def test_ones_own_suggestions_are_listed_with_where_each_stands(app):
    author = account(role=None)
    clinic, other = reviewed_clinic(name="Blue Teapot"), reviewed_clinic(name="Paper Kite")
    waiting = suggested(clinic, author, kind="close")
    declined = suggested(other, author, kind="edit")
    entered(declined, "decline")
    suggested(other, account(role=None), kind="close")

    page = signed_in(app, author).get("/suggestions")

    assert f'href="/suggestions/{waiting}"' in page.text
    assert page.text.count('href="/suggestions/') == 2
    said = words(page)
    assert "Blue Teapot Saint Louis, MO The clinic has closed Waiting for a moderator" in said
    assert "Paper Kite Saint Louis, MO A fact of the listing Declined" in said


def test_whoever_has_suggested_nothing_is_told_how(app):
    page = signed_in(app, account(role=None)).get("/suggestions")

    assert "You have not suggested anything yet." in page.text
    assert f'href="{PROPOSE}"' in page.text


def test_what_was_sent_back_says_why_and_is_handed_in_again_with_changes(app):
    clinic, author = reviewed_clinic(name="Blue Teapot"), account(role=None)
    client = signed_in(app, author)
    revision = handed_in(client, suggest_at(clinic, "edit"), {"phone": "314-555-0177"})
    entered(revision, "request_changes")

    own = client.get(f"/suggestions/{revision}")
    page = client.get(f"/suggestions/{revision}/change")
    again = send(client, f"/suggestions/{revision}/change", {"phone": "314-555-0178", "tie": "none"}, page=page)

    assert "Nobody else can look at the source." in own.text
    assert "Nobody can see it." in own.text
    assert "In your own words Their page says so." in words(own)
    assert "A moderator asked you to change something." in page.text
    assert "Link to a page that anyone can open, or say where it can be seen." in page.text
    assert "The facts, with your changes" in page.text
    assert held(page) | SAID | {"phone": "314-555-0177"} | {"tie": held(page).get("tie", "none")} == held(page) | {
        "tie": held(page).get("tie", "none")
    }
    assert again.location == f"/suggestions/{revision}"
    shown = words(client.get(again.location))
    assert "314-555-0178" in shown
    assert "314-555-0177" not in shown


def test_a_proposal_that_was_sent_back_keeps_all_its_facts(app):
    client = signed_in(app, account(role=None))
    revision = handed_in(client, PROPOSE, CLINIC | {"phone": "309-555-0142", "routes": "iv_infusion"})
    entered(revision, "request_changes")
    page = client.get(f"/suggestions/{revision}/change")

    answer = send(client, f"/suggestions/{revision}/change", {"tie": "patient", "name": "Copper Snail"}, page=page)

    assert answer.status_code == 303
    (clinic,) = rows(Clinic)
    assert (clinic.name, clinic.phone, clinic.routes) == ("Copper Snail", "+13095550142", 1)


def test_which_listing_stays_is_not_asked_again(app):
    one, stays = reviewed_clinic(name="Blue Teapot"), reviewed_clinic(name="Paper Kite")
    client = signed_in(app, account(role=None))
    revision = handed_in(client, suggest_at(one, "merge"), {"pasted": f"/clinics/{stays['public_id']}/paper-kite"})
    entered(revision, "request_changes")
    address = f"/suggestions/{revision}/change"
    page = client.get(address)

    answer = send(client, address, {"tie": "none", "words": "The same door."}, page=page)

    assert held(page)["target"] == stays["public_id"]
    assert answer.status_code == 303
    assert rows(Revision)[0].words == "The same door."


def test_a_suggestion_that_was_decided_meanwhile_is_not_handed_in_again_and_nothing_typed_is_lost(app):
    clinic, author = reviewed_clinic(name="Blue Teapot"), account(role=None)
    client = signed_in(app, author)
    revision = handed_in(client, suggest_at(clinic, "close"))

    answer = send(client, f"/suggestions/{revision}/change", {"tie": "none", "words": "It is gone, I looked."})

    assert answer.status_code == 409
    assert "It is gone, I looked." in answer.text


def test_a_suggestion_is_taken_back_once(app):
    clinic, author = reviewed_clinic(name="Blue Teapot"), account(role=None)
    client = signed_in(app, author)
    revision = handed_in(client, suggest_at(clinic, "close"))
    page = client.get(f"/suggestions/{revision}")

    first = client.post(f"/suggestions/{revision}/withdraw", data=held(page))
    after = client.get(first.location)
    second = client.post(f"/suggestions/{revision}/withdraw", data=held(page))

    assert (first.status_code, second.status_code) == (303, 409)
    assert rows(Revision)[0].status == "withdrawn"
    assert [row.action for row in rows(ListingDecision)] == ["submit", "withdraw"]
    assert "You took it back. Nothing of it is public." in after.text


@pytest.mark.security(22, 24)
def test_of_somebody_elses_suggestion_nothing_is_there(app):
    revision = suggested(reviewed_clinic(name="Blue Teapot"), account(role=None), kind="close")
    client = signed_in(app, account(role=None))

    statuses = [client.get(f"/suggestions/{revision}{end}").status_code for end in ("", "/change")]

    assert statuses == [404, 404]


def test_the_ways_in_are_where_people_look(app):
    clinic = reviewed_clinic(name="Blue Teapot")
    visitor, client = app.test_client(), signed_in(app, account(role=None))

    page = visitor.get(f"/clinics/{clinic['public_id']}/blue-teapot").text
    empty = visitor.get("/search?near=Nome, AK").text

    assert f'href="/clinics/{clinic["public_id"]}/suggest"' in page
    assert f'href="{PROPOSE}"' in empty
    assert 'href="/suggestions"' in client.get("/reviews").text
    assert {kind.value for kind in RevisionKind} == {"new", "edit", "move", "close", "reopen", "merge"}


@pytest.fixture
def at_noon(monkeypatch):
    """Let the pages be of the day on which everything else happens."""
    for module in ("suggestions", "own_suggestions", "listing_decisions"):
        monkeypatch.setattr(f"directory.web.{module}.now", lambda: NOON)
    monkeypatch.setattr("directory.web.suggestion_forms.today", lambda: TODAY)


@pytest.fixture
def change():
    """Let a listing say something else meanwhile."""

    def write(clinic, **values):
        with writing() as session:
            session.execute(update(Clinic).where(Clinic.public_id == clinic["public_id"]).values(**values))

    return write
