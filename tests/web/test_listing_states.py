import pytest

from directory.domain.access import Role
from directory.extensions import db
from directory.services import audit, scores
from tests.support.answers import TODAY
from tests.support.checklists import AT_HOME
from tests.support.client import Page
from tests.support.clinics import add_clinic
from tests.support.reviews import NOON, account, approved, link, reviewed_clinic
from tests.support.statements import counted_statements
from tests.support.suggestions import entered, hidden, number_of, relisted, shown_again, suggested


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    monkeypatch.setattr("directory.web.clinics.today", lambda: TODAY)
    monkeypatch.setattr("directory.web.api.clinics.today", lambda: TODAY)


def test_the_page_of_a_closed_clinic_says_so_with_the_source_and_keeps_what_was_documented(client):
    clinic = reviewed_clinic(name="Paper Kite")
    approved(clinic, account(), {AT_HOME.slug: ("yes", link("We mail it."))})
    relisted(clinic, "close", "closed")

    page = words(client, address_of(clinic))

    assert "This clinic has closed. Source: Their own site, seen 21 Nov 2026. Entered here on 21 Nov 2026." in page
    assert "We mail it." in page
    assert "Check this clinic yourself" not in page
    told = client.get(f"/api/v1/clinics/{clinic['public_id']}").json
    assert (told["status"], told["history"][0]["what"]) == ("closed", "close")
    assert client.get(f"/api/v1/clinics/{clinic['public_id']}/case").status_code == 200


def test_a_closed_clinic_is_not_offered_to_be_called_visited_or_asked(client):
    states = {"phone": "+13145550142", "website": "https://kite.example.org/"}
    was_open, has_closed = add_clinic(**states), add_clinic(status="closed", **states)

    pages = [client.get(address_of(clinic)) for clinic in (was_open, has_closed)]

    for offered in ("tel:+13145550142", "https://kite.example.org/", 'href="#ask"', 'id="ask"'):
        assert [offered in page.text for page in pages] == [True, False], offered
    assert ["Ask the clinic: " in page.text for page in pages] == [True, False]


def test_a_clinic_that_an_import_closed_says_so_without_a_source_of_ours(client):
    clinic = add_clinic(status="closed")

    page = words(client, address_of(clinic))

    assert "This clinic has closed. What was documented stays" in page
    assert "Changes of this listing" not in page


def test_what_is_open_again_says_both_and_is_not_closed(client):
    clinic = reviewed_clinic()
    relisted(clinic, "close", "closed")
    relisted(clinic, "reopen", "published")

    page = words(client, address_of(clinic))

    assert "This clinic has closed" not in page
    assert page.index("Open again") < page.index(": Closed")


def test_what_an_import_closed_after_it_was_opened_again_names_no_old_source(client):
    clinic = reviewed_clinic()
    relisted(clinic, "close", "closed")
    relisted(clinic, "reopen", "published")
    db.session.execute(db.text("UPDATE clinic SET status = 'closed'"))
    db.session.commit()

    assert "This clinic has closed. What was documented stays" in words(client, address_of(clinic))


def test_each_address_of_a_merged_listing_leads_to_the_one_that_stands_for_it(client):
    goes, stays = reviewed_clinic(name="Old Kite"), reviewed_clinic(name="New Kite")
    relisted(goes, "merge", "merged", target=stays)
    there = f"/clinics/{stays['public_id']}/new-kite"

    for address in (address_of(goes), f"/clinics/{goes['public_id']}", f"/clinics/{goes['public_id']}/any"):
        answer = client.get(address)
        assert answer.status_code == 301
        assert client.get(address, follow_redirects=True).request.path == there
    assert client.get(address_of(goes)).location == there
    for rest in ("", "/case"):
        answer = client.get(f"/api/v1/clinics/{goes['public_id']}{rest}?as_of=2026-11-20")
        assert answer.status_code == 301
        assert answer.location == f"/api/v1/clinics/{stays['public_id']}{rest}?as_of=2026-11-20"


def test_what_stays_tells_what_was_joined_to_it_and_counts_its_reviews(client):
    goes, stays = reviewed_clinic(name="Old <b>Kite"), reviewed_clinic(name="New Kite")
    approved(goes, account(), {AT_HOME.slug: ("yes", link("We mail it."))})
    entry = relisted(goes, "merge", "merged", target=stays)
    restate(stays)

    page = words(client, address_of(stays))

    assert "Another listing of this clinic was joined to this one. Its name was Old <b>Kite." in page
    assert f"Entry {entry}" in page
    assert "We mail it." in page
    assert client.get(f"/api/v1/clinics/{stays['public_id']}").json["history"][0]["joined"] == "Old <b>Kite"


@pytest.mark.parametrize(("reason", "said"), [("legal_request", "After a legal request"), ("other_clinic", "By an")])
def test_a_hidden_listing_is_a_tombstone_that_says_since_when_and_nothing_else(client, reason, said):
    clinic = reviewed_clinic(name="Paper Kite")
    hidden(clinic, by=account(role=Role.ADMINISTRATOR), reason=reason, at=NOON)

    answer = client.get(address_of(clinic))
    data = client.get(f"/api/v1/clinics/{clinic['public_id']}")

    assert answer.status_code == data.status_code == 451
    page = Page(answer.text).texts("main")[0]
    assert f"{said}" in page
    assert "21 Nov 2026" in page
    assert "Kite" not in answer.text + data.text
    assert data.json["error"]["code"] == "hidden"
    assert data.json["error"]["details"] == {"since": "2026-11-21", "is_legal": reason == "legal_request"}


def test_a_listing_that_is_shown_again_tells_that_it_was_hidden(client):
    clinic = reviewed_clinic()
    hidden(clinic, at=NOON)
    shown_again(clinic, at=NOON)

    page = words(client, address_of(clinic))

    assert "21 Nov 2026: Shown again." in page
    assert "21 Nov 2026: Hidden." in page


def test_who_asks_for_a_merged_listing_is_told_that_the_one_that_stands_for_it_is_hidden_and_not_its_name(client):
    goes, stays = reviewed_clinic(), reviewed_clinic(name="Secret Kite")
    relisted(goes, "merge", "merged", target=stays)
    hidden(stays)

    for address in (address_of(goes), f"/api/v1/clinics/{goes['public_id']}"):
        answer = client.get(address)
        assert answer.status_code == 451
        assert "secret" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "query", ["_method=DELETE", "endpoint=x", "_external=1", "_anchor=x", "a=1&a=2", "near=%26%C3%A9"]
)
def test_what_somebody_puts_behind_the_address_of_a_merged_listing_goes_along_as_it_is(client, query):
    goes, stays = reviewed_clinic(), reviewed_clinic()
    relisted(goes, "merge", "merged", target=stays)

    answer = client.get(f"/api/v1/clinics/{goes['public_id']}?{query}")

    assert answer.status_code == 301
    assert answer.location == f"/api/v1/clinics/{stays['public_id']}?{query}"


def test_a_moved_clinic_says_from_where_on_which_day_and_by_which_source(client):
    clinic = add_clinic(name="Kite", address="2 New Street", postal_code="63101")
    revision = suggested(clinic, account(), kind="move", base='{"address": "1 Old Street", "postal_code": "63999"}')
    entered(revision, "approve")

    page = words(client, address_of(clinic))

    where = "1 Old Street, Saint Louis, MO 63999"
    assert f"Moved here from {where}, as entered on 21 Nov 2026. Source: Their own site, seen 21 Nov 2026." in page
    assert client.get(f"/api/v1/clinics/{clinic['public_id']}").json["history"][0]["moved_from"] == where


def test_each_of_several_moves_says_where_the_clinic_was_then(client):
    clinic = add_clinic(address="3 Last Street", postal_code="63101", city="Clayton")
    for base in ('{"address": "1 First Street", "city": "Saint Louis"}', '{"address": "2 Second Street"}'):
        entered(suggested(clinic, account(), kind="move", base=base), "approve")

    history = client.get(f"/api/v1/clinics/{clinic['public_id']}").json["history"]

    assert [each["moved_from"] for each in history] == [
        "2 Second Street, Clayton, MO 63101", "1 First Street, Saint Louis, MO 63101",
    ]  # fmt: skip


def test_the_history_names_the_facts_that_were_changed_and_never_the_address_for_mail(client):
    clinic = reviewed_clinic()
    fields = '{"phone": "+13145550100", "contact_email": "desk@secret.example"}'
    entered(suggested(clinic, account(), fields=fields), "approve")

    page = words(client, address_of(clinic))

    assert "21 Nov 2026: Corrected (Telephone)." in page
    assert "secret" not in client.get(address_of(clinic)).text


def test_what_was_only_suggested_or_declined_is_no_part_of_the_history(client):
    clinic = reviewed_clinic()
    suggested(clinic, account())
    entered(suggested(clinic, account()), "decline")

    assert "Changes of this listing" not in words(client, address_of(clinic))


def test_the_page_takes_the_same_statements_however_long_its_history_is(client):
    clinic = reviewed_clinic()
    taken = []
    for _ in range(2):
        for _day in range(3):
            entered(suggested(clinic, account()), "approve", at=NOON)
        with counted_statements() as statements:
            client.get(address_of(clinic))
        taken.append(len(statements))

    assert taken[0] == taken[1] <= 7


@pytest.mark.parametrize("status", ["proposed", "declined", "withdrawn"])
def test_what_nobody_published_is_not_there_in_any_shape(client, status):
    clinic = add_clinic(status=status)

    for address in (address_of(clinic), *(f"/api/v1/clinics/{clinic['public_id']}{rest}" for rest in ("", "/case"))):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("status", ["proposed", "closed", "declined", "withdrawn", "hidden", "merged"])
def test_a_search_finds_only_what_is_published(client, status):
    at = (38.6270, -90.1994)
    shown = add_clinic(name="Shown Kite", at=at)
    became = {"hidden": hidden, "merged": lambda each: relisted(each, "merge", "merged", target=shown)}
    for place in (at, None):
        clinic = add_clinic(name="Other Kite", at=place, status="published" if status in became else status)
        became.get(status, lambda _clinic: None)(clinic)

    found = client.get("/api/v1/clinics?near=Saint+Louis,+MO").json

    assert [each["name"] for each in found["clinics"]] == ["Shown Kite"]
    assert (found["total"], found["not_on_the_map"]) == (1, [])


def restate(clinic):
    with audit.turn() as session:
        scores.restate(session, [number_of(clinic)], at=NOON)


def address_of(clinic):
    return f"/clinics/{clinic['public_id']}/{clinic['slug']}"


def words(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.text).texts("main")[0]
