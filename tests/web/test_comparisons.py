from datetime import timedelta

import pytest
from markupsafe import escape
from sqlalchemy import insert

from directory.extensions import db
from directory.models import Clinic, ClinicFact
from tests.support.answers import TODAY, days_ago
from tests.support.client import Page
from tests.support.clinics import add_clinic, add_named, clinic_row
from tests.support.reviews import NOON, account, accounts, approved, link, rechecked, reviewed_clinic
from tests.support.signed_in import words
from tests.support.tables import rows

CURE, HISTORY = "cure_all_claims", "no_detailed_history"


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    monkeypatch.setattr("directory.web.comparisons.today", lambda: TODAY)


def test_clinics_stand_side_by_side_sign_by_sign_and_fact_by_fact_with_their_dates(client):
    bad, bare = reviewed_clinic(name="Paper Kite", routes=3), add_clinic(name="Tin Whistle")
    state_routes(bad)
    rechecked(approved(bad, account(), {CURE: ("yes", link(on=days_ago(9)))}), CURE)

    page = client.get(compare(bad, bare))

    said = words(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Two clinics side by side" in Page(page.text).texts("h1")
    assert "Presents ketamine as a “cure-all” Paper Kite Confirmed 12 Nov 2026 Tin Whistle Unknown Nobody" in said
    assert "Form of treatment Paper Kite IV infusion; IM (muscle) injection Register of Tests, 3 Nov 2026" in said
    assert "3 Nov 2026 Tin Whistle Unknown Where" in said
    assert "Safeguards Paper Kite 0 in place 0 absent 0 disputed 30 unknown Tin Whistle" in said
    assert not [word for word in ("best", "winner", "better", "recommended") if f" {word} " in said.lower()]


def test_what_ran_out_is_told_apart_from_what_nobody_checked(client):
    row, other = reviewed_clinic(name="Paper Kite"), add_clinic(name="Tin Whistle")
    long_ago = days_ago(200)
    approved(row, account(), {CURE: ("yes", link(on=long_ago))}, at=NOON - timedelta(days=200))

    said = words(client.get(compare(row, other)))

    assert "Paper Kite Unknown Previously reported on 5 May 2026, not rechecked Tin Whistle Unknown Nobody has" in said


def test_one_voice_tells_too_little_and_the_day_stands_beside_it(client):
    row, other = reviewed_clinic(name="Paper Kite"), add_clinic(name="Tin Whistle")
    approved(row, account(), {CURE: ("no", link())})

    said = words(client.get(compare(row, other)))

    assert "Paper Kite Unknown Too little to tell, 21 Nov 2026 Tin Whistle" in said


def test_each_clinic_can_be_taken_off_and_leads_to_its_page_and_its_questions(client):
    made = [add_clinic(name=f"Clinic {place}") for place in range(3)]

    links = [tag["href"] for tag in Page(client.get(compare(*made)).text).all("a")]

    for row in made:
        assert compare(*(other for other in made if other is not row)) in links
        assert f"/clinics/{row['public_id']}/{row['slug']}" in links
        assert f"/clinics/{row['public_id']}/questions" in links


def test_another_clinic_nearby_can_be_added_without_losing_those_that_stand_there(client):
    made = [add_clinic(at=(38.63 + place / 100, -90.2)) for place in range(3)]

    links = [tag["href"] for tag in Page(client.get(compare(*made[:2])).text).all("a")]

    assert compare(*made) in links


@pytest.mark.parametrize(
    ("asked", "status", "heading", "sentence"),
    [
        ("", 200, "Compare clinics", "Two to four clinics stand side by side here"),
        ("a", 200, "One clinic, and room beside it", "It takes two clinics to compare."),
        ("aa", 200, "One clinic, and room beside it", "It takes two clinics to compare."),
        ("ab", 200, "Two clinics side by side", "In the order in which you chose them."),
        ("abcd", 200, "Four clinics side by side", "In the order in which you chose them."),
        ("abcde", 200, "Four clinics side by side", "4 clinics fit side by side, so this is not shown: Clinic e."),
        ("abx", 200, "Two clinics side by side", "One clinic in this link is not listed here. It may be hidden"),
        ("axc", 200, "Two clinics side by side", "One clinic in this link is not listed here. It may be hidden"),
        ("abz", 200, "Two clinics side by side", "Clinic z has closed, so it is not shown."),
        ("az", 200, "One clinic, and room beside it", "Clinic z has closed, so it is not shown."),
        ("z", 404, "Compare clinics", "Clinic z has closed, so it is not shown."),
        ("x", 404, "Compare clinics", "One clinic in this link is not listed here."),
        ("xy", 404, "Compare clinics", "2 clinics in this link are not listed here."),
    ],
)
def test_too_few_too_many_and_unknown_clinics_get_a_clear_sentence(client, asked, status, heading, sentence):
    made = {letter: add_clinic(name=f"Clinic {letter}") for letter in "abcde"}
    made |= {
        "z": add_clinic(status="closed", name="Clinic z"),
        "x": add_clinic(status="hidden"),
        "y": {"public_id": "nobody-there"},
    }

    page = client.get(compare(*(made[letter] for letter in asked)))

    assert page.status_code == status
    assert heading in Page(page.text).texts("h1")
    assert sentence in words(page)


def test_a_merged_listing_is_said_to_be_joined(client):
    stays, other = add_clinic(name="Paper Kite"), add_clinic()
    (successor,) = rows(Clinic, Clinic.public_id == stays["public_id"])
    merged = add_clinic(status="merged", successor_id=successor.id)

    page = client.get(compare(merged, other))

    assert "The listing of Paper Kite stands for another one that was joined with it." in words(page)
    assert compare(other) in [tag["href"] for tag in Page(page.text).all("a")]


@pytest.mark.security(36)
@pytest.mark.parametrize("text", ["'; DROP TABLE clinic; --", "\x00", "<script>", "é" * 500, "../../etc"])
def test_nothing_that_stands_in_the_address_is_looked_up_or_shown(client, text):
    row = add_clinic()

    page = client.get("/compare", query_string={"clinic": [text, row["public_id"]]})

    assert page.status_code == 200
    assert "One clinic in this link is not listed here" in words(page)
    assert text == "\x00" or text not in page.text


@pytest.mark.security(30)
@pytest.mark.parametrize("text", ['"><svg onload=alert(1)>', "<script>alert(1)</script>", "{{1337*7331}}", "%(name)s"])
def test_the_name_of_a_clinic_is_text(client, text):
    named = [add_clinic(name=f"Kite {place} {text}") for place in range(6)]

    page = client.get(compare(*named))

    assert not Page(page.text).inline()
    assert page.text.count(str(escape(text))) > len(named)


def test_results_and_the_page_of_a_clinic_lead_to_a_comparison_without_script(client):
    row, other = add_clinic(at=(38.63, -90.19)), add_clinic(at=(38.63, -90.2))

    results = Page(client.get("/search?near=63101").text)
    own = Page(client.get(f"/clinics/{row['public_id']}/{row['slug']}").text)

    (form,) = [form for form in results.all("form") if form.get("id") == "compare"]
    boxes = {tag["value"]: tag for tag in results.all("input") if tag.get("name") == "clinic"}
    box = boxes[row["public_id"]]
    assert (form["action"], form.get("method")) == ("/compare", None)
    assert (box["form"], box["type"], set(boxes)) == ("compare", "checkbox", {row["public_id"], other["public_id"]})
    assert compare(row) in [tag["href"] for tag in own.all("a")]


@pytest.mark.parametrize("asked", ["near=63101", "near=63101&radius=1", "near=paper+kite", "name=paper+kite"])
def test_where_one_clinic_is_found_there_is_nothing_to_compare_it_with(client, asked):
    add_named(clinic_row(name="Paper Kite", at=(38.7, -90.19)))

    page = client.get(f"/search?{asked}")

    assert "Paper Kite" in words(page)
    assert not [tag for tag in Page(page.text).all("input") if tag.get("name") == "clinic"]
    assert "Tick two to four clinics" not in words(page)
    assert "Your shortlist ({number})" in page.text


def test_the_way_back_leads_to_the_results_one_came_from(client):
    row, came_from = add_clinic(), {"Referer": "http://localhost/search?near=63101"}

    links = Page(client.get(compare(row), headers=came_from).text).all("a")

    assert "/search?near=63101" in [link["href"] for link in links]


def test_all_stand_in_the_order_of_the_address_whatever_was_found(client):
    made = [reviewed_clinic(name=f"Clinic {place}") for place in range(3)]
    for row, author in zip(made, accounts(3), strict=True):
        approved(row, author, {HISTORY: ("yes", link())})
    backwards = made[::-1]

    headings = Page(client.get(compare(*backwards)).text).texts("th")[:3]

    assert [heading.split(" Saint")[0] for heading in headings] == [row["name"] for row in backwards]


def compare(*made):
    return "?".join(["/compare", "&".join(f"clinic={row['public_id']}" for row in made)]).rstrip("?")


def state_routes(row):
    (clinic,) = rows(Clinic, Clinic.public_id == row["public_id"])
    fact = {"clinic_id": clinic.id, "field": "routes", "source": "Register of Tests", "seen_on": days_ago(18)}
    db.session.execute(insert(ClinicFact).values(**fact))
    db.session.commit()
