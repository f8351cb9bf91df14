import pytest

from tests.support.accounts import signed_in_client
from tests.support.client import Page
from tests.support.clinics import add_clinic
from tests.support.signed_in import words

NEUTRAL = "https://www.weather.gov/"


def test_the_page_of_the_shortlist_holds_no_clinic_and_says_what_to_do_without_script(client):
    row = add_clinic()

    page = client.get("/shortlist")

    assert row["public_id"] not in page.text
    said = words(page)
    assert "The list is kept by a script, and scripts are off here." in said
    assert "Bookmark the page of each clinic" in said
    assert "/compare" in [tag.get("href") for tag in Page(page.text).all("a")]


@pytest.mark.parametrize("address", ["/shortlist", "/compare"])
def test_the_page_is_the_same_for_everybody(app, client, address):
    assert signed_in_client(app).get(address).text == client.get(address).text


def test_the_buttons_are_hidden_until_the_script_shows_them(client):
    row = add_clinic(at=(38.63, -90.19))

    for address in ("/search?near=63101", f"/clinics/{row['public_id']}/{row['slug']}"):
        buttons = [tag for tag in Page(client.get(address).text).all("button") if "data-shortlist" in tag]
        assert [(button["data-shortlist"], "hidden" in button) for button in buttons] == [(row["public_id"], True)]


@pytest.mark.parametrize("address", ["/", "/search?near=63101", "/search?near=Springfield", "/shortlist", "/gone"])
def test_every_page_has_a_way_out_that_is_a_plain_link_and_tells_nobody_where_one_came_from(client, address):
    (way,) = [tag for tag in Page(client.get(address).text).all("a") if tag.get("id") == "leave"]

    assert way["href"] == NEUTRAL
    assert "noreferrer" in way["rel"]


def test_private_pages_have_the_way_out_too(app):
    links = Page(signed_in_client(app).get("/account").text).all("a")

    assert NEUTRAL in [tag.get("href") for tag in links]
