from datetime import date

import pytest
from sqlalchemy import insert, select

from directory.extensions import db
from directory.models import Clinic, ClinicFact, Organisation
from tests.support.client import Page
from tests.support.clinics import add_clinic
from tests.support.statements import counted_statements


def test_a_clinic_shows_its_facts_with_source_and_date(client):
    row = add_clinic(
        name="Paper Kite", address="20 Invented Way", postal_code="63101", phone="+13145550142",
        website="https://www.kite.example.org/", routes=3, settings=1, conditions=5, npi="1234567893",
        at=(38.63, -90.19), contact_email="staff@kite.example.org",
    )  # fmt: skip
    state_facts(row, "address", "phone", "website", "routes", "settings", "conditions", "npi", "point", "contact_email")

    response = client.get(address_of(row))

    source = " ".join(response.text.split())
    assert "20 Invented Way, Saint Louis, MO 63101" in source
    assert 'href="tel:+13145550142"' in source
    assert "314-555-0142" in source
    assert 'href="https://www.kite.example.org/" rel="nofollow noopener noreferrer"' in source
    assert "IV infusion, IM (muscle) injection" in source
    assert "Treatment-resistant depression, Depression with suicidal thoughts" in source
    assert source.count("Register of Tests") == 8
    assert "3 Nov 2026" in source
    assert "Not known here: Run by." in source
    assert "staff@kite" not in source


def test_what_no_source_has_said_is_called_unknown(client):
    row = add_clinic(name="Bare")

    source = " ".join(client.get(address_of(row)).text.split())

    assert "Not known here: Address, Telephone, Website" in source
    assert "Not checked yet" in source


@pytest.mark.parametrize("status", ["proposed", "closed"])
def test_a_clinic_that_is_not_published_is_not_there(client, status):
    row = add_clinic(status=status)

    assert client.get(address_of(row)).status_code == 404
    assert client.get(f"/api/v1/clinics/{row['public_id']}").status_code == 404


def test_an_old_name_in_the_address_leads_to_the_present_one(client):
    row = add_clinic(name="Paper Kite")

    for old in (f"/clinics/{row['public_id']}", f"/clinics/{row['public_id']}/old-name"):
        response = client.get(old)
        assert response.status_code == 301
        assert response.location == f"/clinics/{row['public_id']}/paper-kite"


def test_the_way_back_leads_to_the_results_one_came_from(client):
    row = add_clinic()
    came_from = {"Referer": "http://localhost/search?near=63101&radius=50"}

    links = Page(client.get(address_of(row), headers=came_from).text).all("a")

    assert "/search?near=63101&radius=50" in [link["href"] for link in links]


@pytest.mark.parametrize(
    "referrer",
    [
        "https://evil.example/search?near=1",
        "http://localhost/about?x=1",
        "http://localhost/search",
        "//",
        "http://[bad/search?x",
    ],
)
def test_the_way_back_leads_nowhere_else(client, referrer):
    row = add_clinic()

    page = client.get(address_of(row), headers={"Referer": referrer})

    assert page.status_code == 200
    assert "Back to your results" not in page.text


def test_a_clinic_page_takes_two_statements(client):
    row = add_clinic()
    state_facts(row, "address", "phone")

    with counted_statements() as seen:
        client.get(address_of(row))

    assert len(seen) == 2


def test_a_chain_is_named(client):
    chain = db.session.scalar(
        insert(Organisation).values(name="Umbrella Chain", key="umbrella chain").returning(Organisation.id)
    )
    db.session.commit()
    row = add_clinic(organisation_id=chain)
    state_facts(row, "organisation")

    assert "Umbrella Chain" in client.get(address_of(row)).text


def test_public_ids_are_random_and_internal_numbers_lead_nowhere(client):
    rows = [add_clinic() for _ in range(3)]

    ids = [row["public_id"] for row in rows]
    assert len(set(ids)) == 3
    assert all(len(public_id) == 12 for public_id in ids)
    for number in db.session.scalars(select(Clinic.id)):
        assert client.get(f"/clinics/{number}").status_code == 404


def address_of(row):
    return f"/clinics/{row['public_id']}/{row['slug']}"


def state_facts(row, *fields):
    number = db.session.scalar(select(Clinic.id).where(Clinic.public_id == row["public_id"]))
    for field in fields:
        values = {"clinic_id": number, "field": field, "source": "Register of Tests", "seen_on": date(2026, 11, 3)}
        db.session.execute(insert(ClinicFact).values(**values))
    db.session.commit()
