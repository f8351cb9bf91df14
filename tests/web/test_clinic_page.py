"""What stands on the page of a clinic beside its card: where to look further, and in which order."""

import re
from datetime import date

import pytest
from sqlalchemy import insert, select

from directory.domain.approval import STATEMENTS
from directory.extensions import db
from directory.models import Clinic, ClinicFact
from directory.services import registers
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED
from tests.support.client import Page
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.scores import scored
from tests.support.statements import counted_statements

HERE = (38.63, -90.19)
OUTWARD = "nofollow noopener noreferrer"


@pytest.fixture(autouse=True)
def on_the_day_of_the_reviews(monkeypatch):
    monkeypatch.setattr("directory.web.clinics.today", lambda: TODAY)


def test_who_looks_for_help_meets_name_address_phone_and_signs_before_anything_else(client):
    row = add_clinic(name="Paper Kite", address="20 Invented Way", phone="+13145550142", at=HERE)

    source = client.get(address_of(row)).text.partition("<main")[2]

    ids = ("signs", "ask", "safeguards", "facts", "licenses", "approval", "nearest", "share")
    heads = [f'id="{each}{"" if each == "ask" else "-h"}"' for each in ids]
    in_order = ["<h1", "20 Invented Way", "tel:+13145550142", heads[0], "Questions to ask", *heads[1:]]
    places = [source.index(each) for each in in_order]
    assert places == sorted(places)


def test_the_address_at_the_head_says_where_it_was_read(client):
    row = add_clinic(address="20 Invented Way")
    number = db.session.scalar(select(Clinic.id))
    before = client.get(address_of(row)).text
    fact = {"clinic_id": number, "field": "address", "source": "Register of Tests", "seen_on": date(2026, 11, 3)}
    db.session.execute(insert(ClinicFact).values(fact))
    db.session.commit()

    assert "Facts as of 2\xa0Oct\xa02026." in before
    assert "Address from Register of Tests, seen 3\xa0Nov\xa02026." in client.get(address_of(row)).text


@pytest.mark.parametrize("state", ["MO", "CA", "GU"])
def test_how_to_look_a_license_up_leads_to_every_register_of_the_state_without_our_word(client, state):
    row = add_clinic(state=state)

    section = section_of(client, row, "licenses-h")

    links = Page(section).all("a")
    expected = [register.url for register in (*registers.of_state(state), *registers.national())]
    assert [link["href"] for link in links] == expected
    assert {link["rel"] for link in links} == {OUTWARD}
    assert "A listing here is not proof of a license." in section
    assert len(Page(section).texts("li")) == 3
    assert "21\xa0Nov\xa02026" in section


def test_a_state_whose_registers_are_not_known_is_said_to_be_one(client):
    assert "We know of no register of its own" in section_of(client, add_clinic(state="AS"), "licenses-h")
    assert "We know of no register of its own" not in section_of(client, add_clinic(state="MO"), "licenses-h")


def test_each_statement_on_approval_has_its_sources_and_the_day_they_were_read(client):
    section = section_of(client, add_clinic(), "approval-h")

    links = Page(section).all("a")
    by_key = {source.key: source for source in SHIPPED.sources}
    assert [link["href"] for link in links] == [by_key[key].url for each in STATEMENTS for key in each.sources]
    assert {link["rel"] for link in links} == {OUTWARD}
    assert len(re.findall(r"read (?:there|in reports about it) on 21\xa0Nov\xa02026", section)) == len(links)
    assert "not medical advice" in section


def test_the_nearest_clinics_are_rows_with_distance_signs_and_what_was_checked(client):
    row = add_clinic(at=HERE)
    verdicts = scored("cleared unknown unknown confirmed unknown", seen_on=days_ago(3))
    add_clinics([
        clinic_row(name="Near Kite", at=(38.64, -90.19), **verdicts), clinic_row(name="Far Kite", at=(38.80, -90.19)),
    ])  # fmt: skip

    section = " ".join(section_of(client, row, "nearest-h").split())

    names = [name for name in Page(section).texts("a") if "Kite" in name]
    assert names == ["Near Kite", "Far Kite"]
    assert "0.7 mi" in section
    assert "11.7 mi" in section
    strips = re.findall('role="img" aria-label="Warning signs: ([^"]*)"', section)
    assert strips == [
        "At home: Cleared, No history: Unknown, No doctor: Unknown, Cure-all: Confirmed, Instant: Unknown",
        "At home: Unknown, No history: Unknown, No doctor: Unknown, Cure-all: Unknown, Instant: Unknown",
    ]
    assert "Newest check 18 Nov 2026." in section
    assert "Nobody has checked this clinic yet." in section
    assert "no clinic here is recommended" in section


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"at": HERE}, "No other clinic is listed within 100 miles."),
        ({"at": None}, "The place of this clinic is not known well enough to measure from it."),
    ],
)
def test_where_none_is_near_the_page_says_why_and_leads_to_the_search(client, stated, said):
    section = section_of(client, add_clinic(city="Rolla", **stated), "nearest-h")

    assert said in section
    assert [link["href"] for link in Page(section).all("a")] == ["/search?near=Rolla,+MO"]


def test_a_distance_that_begins_at_the_center_of_a_zip_code_says_so(client):
    row = clinic_row(at=HERE, postal_code="63101") | {"point_precision": "zip"}
    add_clinics([row, clinic_row(at=(38.64, -90.19))])

    assert "from the center of this clinic’s ZIP code" in section_of(client, row, "nearest-h")


def test_the_page_of_a_closed_clinic_shows_the_others_before_its_signs(client):
    row = add_clinic(status="closed", at=HERE)
    add_clinic(at=(38.64, -90.19))

    source = client.get(address_of(row)).text

    assert source.count('id="nearest-h"') == 1
    assert source.index('id="nearest-h"') < source.index('id="signs-h"')


@pytest.mark.parametrize("others", [1, 30])
def test_the_nearest_cost_one_statement_whatever_their_number(client, others):
    row = add_clinic(at=HERE)
    add_clinics([clinic_row(at=HERE) for _ in range(others)])

    with counted_statements() as seen:
        client.get(address_of(row))

    assert len(seen) == 8


@pytest.mark.security(56)
def test_the_address_that_is_shared_is_the_one_of_the_page_without_a_search(client):
    row = add_clinic(name="Paper Kite")
    came_from = {"Referer": "http://localhost/search?near=63101&radius=50"}

    page = Page(client.get(f"{address_of(row)}?near=63101", headers=came_from).text)

    [canonical] = [tag["href"] for tag in page.all("link") if tag["rel"] == "canonical"]
    assert canonical.endswith(address_of(row))
    assert canonical in page.texts("span")
    assert [tag for tag in page.all("button") if tag.get("name") in {"share", "copy"} and "hidden" not in tag] == []


def test_a_page_describes_itself_to_search_engines_in_words_of_its_own(client):
    row = add_clinic(name="Paper “Kite” <b>")

    descriptions = [
        next(tag["content"] for tag in Page(client.get(path).text).all("meta") if tag.get("name") == "description")
        for path in ("/", address_of(row))
    ]

    assert all(60 < len(description) < 300 for description in descriptions)
    assert descriptions[1].startswith("Paper “Kite” <b> in Saint Louis, MO")
    assert "Paper" not in descriptions[0]


def section_of(client, row, heading):
    """Return the HTML of the section with this heading."""
    source = client.get(address_of(row)).text
    return source[source.rindex("<section", 0, source.index(f'id="{heading}"')) :].partition("</section>")[0]


def address_of(row):
    return f"/clinics/{row['public_id']}/{row['slug']}"
