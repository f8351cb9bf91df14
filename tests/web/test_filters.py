import re

import pytest

from directory.domain.facets import GROUPS
from tests.support.client import Page
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.scores import scored

SAINT_LOUIS = (38.6346, -90.1913)
#: One choice of each group that can be asked for, as it stands in an address.
ONE_OF_EACH = [(group.name, group.choices[2].word) for group in GROUPS]
FITTING = {
    "routes": 4, "settings": 4, "conditions": 4, "psychotherapy": 4, "insurance": 4, "payment_help": 4, "accepts": 4,
    "price_min": 350, "price_max": 900,
}  # fmt: skip


def test_each_choice_says_how_many_clinics_it_would_leave(client):
    add_clinic(name="Both", at=SAINT_LOUIS, routes=5, insurance=1)
    add_clinic(name="Infusion", at=SAINT_LOUIS, routes=1, insurance=8, **scored("confirmed" + 4 * " cleared"))
    add_clinic(name="Silent", at=SAINT_LOUIS)

    found = numbers(client, route="iv_infusion")

    assert found["route", "iv_infusion"] == "2 clinics"
    assert found["route", "esketamine_nasal"] == "1 clinic"
    assert found["route", "oral_tablet"] == "0 clinics"
    assert found["insurance", "accepts"] == found["insurance", "superbill"] == "1 clinic"
    assert found["no_confirmed", "1"] == "1 clinic"
    assert numbers(client, route="iv_infusion", insurance="accepts")["route", "iv_infusion"] == "1 clinic"


def test_the_lists_say_their_numbers_behind_each_choice(client):
    add_clinic(at=SAINT_LOUIS, price_min=350, price_max=350, **scored("cleared cleared" + 3 * " unknown"))

    options = Page(client.get("/search?near=63101").text).texts("option")

    for said in ("Up to $300 (0)", "Up to $400 (1)", "2 of 5 or more (1)", "All 5 checked (0)"):
        assert said in options


def test_more_than_a_thousand_are_said_to_be_more_beside_a_choice_too(client):
    add_clinics([clinic_row(at=(38.6, -90.2), routes=1) for _ in range(1001)])

    assert numbers(client)["route", "iv_infusion"] == "1,000+ clinics"


def test_one_of_a_group_will_do_and_every_group_must_fit(client):
    add_clinic(name="Infusion Insured", at=SAINT_LOUIS, routes=1, insurance=1)
    add_clinic(name="Nasal Insured", at=SAINT_LOUIS, routes=4, insurance=1)
    add_clinic(name="Tablet Insured", at=SAINT_LOUIS, routes=32, insurance=1)
    add_clinic(name="Infusion Unknown", at=SAINT_LOUIS, routes=1)

    names = found(client, route=["iv_infusion", "esketamine_nasal"], insurance="accepts")

    assert names == ["Infusion Insured", "Nasal Insured"]


@pytest.mark.parametrize(("name", "word"), ONE_OF_EACH)
def test_what_nobody_has_said_fits_no_choice(client, name, word):
    add_clinic(name="Said", at=SAINT_LOUIS, **FITTING)
    add_clinic(name="Said Off The Map", at=None, **FITTING)
    add_clinic(name="Unknown", at=SAINT_LOUIS)
    add_clinic(name="Unknown Off The Map", at=None)

    page = Page(client.get("/search", query_string={"near": "63101", name: word}).text)

    assert page.texts("h3") == ["Said", "Said Off The Map"]


def test_the_highest_price_is_held_against_the_lowest_of_a_clinic(client):
    for lowest in (300, 400, 401):
        add_clinic(name=f"From {lowest}", at=SAINT_LOUIS, price_min=lowest, price_max=1500)

    assert found(client, price="400") == ["From 300", "From 400"]
    assert found(client, price="") == ["From 300", "From 400", "From 401"]


def test_all_filters_stand_in_the_address_and_each_can_be_taken_off_alone(client):
    add_clinic(
        name="Blue Teapot", at=SAINT_LOUIS, **FITTING | {"routes": 5}, **scored("cleared cleared" + 3 * " unknown")
    )
    asked = [*ONE_OF_EACH, ("no_confirmed", "1"), ("checked", "2"), ("words", "teapot"), ("route", "iv_infusion")]
    query = [f"{name}={word}" for name, word in asked]

    page = Page(client.get(f"/search?near=63101&radius=50&sort=signs&{'&'.join(query)}").text)

    assert page.texts("h3") == ["Blue Teapot"]
    chips = [link["href"] for link in page.all("a") if link.get("class") == "chip"]
    whole = {"near=63101", "radius=50", "sort=signs", *query}
    taken_off = [whole - set(chip.partition("?")[2].split("&")) for chip in chips]
    assert sorted(map(sorted, taken_off)) == sorted([each] for each in query)
    assert [Page(client.get(chip).text).texts("h3") for chip in chips] == [["Blue Teapot"]] * len(query)


def test_what_was_asked_for_stays_ticked_and_its_group_open(client):
    page = Page(client.get("/search?near=63101&condition=ptsd&condition=ocd&price=500&therapy=none").text)

    ticked = {(box["name"], box["value"]) for box in page.all("input") if "checked" in box}
    assert ticked == {("condition", "ptsd"), ("condition", "ocd"), ("therapy", "none")}
    assert "500" in [option["value"] for option in page.all("option") if "selected" in option]
    # Warning signs and forms of treatment stand open always.
    groups = [group for group in page.all("details") if group.get("class") == "facet"]
    assert ["open" in group for group in groups] == [True, True, True, True, False, True, False, False]


def test_all_that_is_asked_for_is_said_in_one_sentence(client):
    query = {
        "near": "63101", "route": ["iv_infusion", "oral_tablet"], "condition": "ptsd", "price": "1000",
        "no_confirmed": "1", "checked": "3", "words": "tea",
    }  # fmt: skip

    source = " ".join(client.get("/search", query_string=query).text.split())

    assert (
        "Only clinics that say they give “IV infusion” or “Oral tablet”, that say they treat “PTSD”,"
        " whose lowest price a session is $1,000 or less, with no confirmed warning sign (unchecked included),"
        " with at least 3 of 5 warning signs checked, and with “tea” in name or city."
        " Those that have not said are left out."
    ) in source


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("checked=5", "Only clinics with all 5 warning signs checked.</p>"),
        ("insurance=self_pay_only", "Only clinics that say of insurance “Self-pay only”. Those that have not said"),
    ],
)
def test_a_sentence_of_one_filter_is_as_short_as_it(client, query, said):
    assert said in client.get(f"/search?near=63101&{query}").text


def test_without_filters_there_is_no_such_sentence(client):
    assert "Only clinics" not in client.get("/search?near=63101").text


def test_the_next_page_keeps_all_filters_and_the_numbers(client):
    add_clinics([clinic_row(at=(38.6 + n / 1000, -90.2), routes=1 + n % 2, insurance=1) for n in range(60)])

    first = Page(client.get("/search?near=63101&route=iv_infusion&insurance=accepts").text)
    [address] = [link["href"] for link in first.all("a") if link.get("rel") == "next"]
    second = client.get(address).text

    assert len(Page(second).texts("h3")) == 10
    assert boxes(second)["route", "im_injection"] == "30 clinics"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "x") for name, _ in ONE_OF_EACH),
        ("setting", "iv_infusion"), ("price", "401"), ("price", "-1"), ("price", "4e2"), ("insurance", "\x00"),
        ("condition", "ptsd' OR 1=1 --"), ("therapy", "%"), ("accepts", "Minors"), ("payment", "x" * 5000),
    ],
)  # fmt: skip
def test_what_is_in_no_list_is_refused_beside_its_group(client, name, value):
    response = client.get("/search", query_string={"near": "63101", name: value})

    assert response.status_code == 422
    assert "That choice does not exist. Please choose again." in response.text
    assert f'href="#{name}"' in response.text
    assert re.search(rf'<details class="facet" open>(?:(?!</details>).)*id="{name}-error"', response.text, re.DOTALL)


def test_the_same_choice_many_times_over_is_one(client):
    add_clinic(name="Infusion", at=SAINT_LOUIS, routes=1)

    assert found(client, route=["iv_infusion"] * 300) == ["Infusion"]


def test_a_search_by_name_has_no_panel(client):
    assert 'class="facet"' not in client.get("/search?name=teapot").text


def found(client, **query):
    response = client.get("/search", query_string={"near": "63101"} | query)
    assert response.status_code == 200
    return Page(response.text).texts("h3")


def numbers(client, **query):
    return boxes(client.get("/search", query_string={"near": "63101"} | query).text)


def boxes(source):
    """Return what is read aloud behind each box of the panel: (name, value) → "2 clinics"."""
    found = re.findall(
        r'<input type="checkbox"(?: id="\w+")? name="(\w+)" value="(\w+)" form="search".*?hidden">([^<]*)</span>',
        source,
        re.DOTALL,
    )
    return {(name, value): number for name, value, number in found}
