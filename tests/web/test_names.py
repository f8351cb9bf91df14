import pytest

from tests.support.client import Page
from tests.support.clinics import add_named, clinic_row
from tests.support.statements import counted_statements

SAINT_LOUIS = (38.6346, -90.1913)


@pytest.fixture(autouse=True)
def _named(app):
    add_named(
        clinic_row(name="Paper Kite Clinic", city="Reno", state="NV"),
        clinic_row(name="Paper Walrus", city="Saint Louis", state="MO", at=SAINT_LOUIS, routes=4),
        clinic_row(name="Springfield Owl", city="Springfield", state="IL"),
    )


def test_the_one_box_finds_a_clinic_by_its_misspelt_name(client):
    page = get(client, near="papr kyte")

    assert page.texts("h1") == ["1 clinic named like “papr kyte”"]
    assert page.texts("h3")[0] == "Paper Kite Clinic"


def test_a_name_is_asked_for_without_looking_for_a_place(client):
    page = get(client, name="springfield")

    assert page.texts("h3")[0] == "Springfield Owl"
    assert [box["value"] for box in page.all("input") if box.get("id") == "near"] == ["springfield"]


def test_a_name_that_no_clinic_has_says_so_and_what_to_try(client):
    page = get(client, name="Qwxyzzy")

    assert page.texts("h1") == ["No clinic named like “Qwxyzzy”"]
    assert "What you can try" in page.texts("h2")


def test_a_treatment_beside_a_place_leads_to_the_search_around_it_with_the_filter_to_see(client):
    response = client.get("/search?near=spravato+63101&radius=50")

    assert (response.status_code, response.headers["Cache-Control"]) == (303, "no-store")
    assert response.location == "/search?near=63101&radius=50&route=esketamine_nasal"
    page = Page(client.get(response.location).text)
    assert page.texts("h3")[0] == "Paper Walrus"
    assert any(text.startswith("Spravato") and "take off" in text for text in page.texts("a"))


def test_a_treatment_alone_asks_for_a_place_and_stays_in_the_form(client):
    response = client.get("/search?near=spravato")

    assert response.status_code == 422
    assert "names no place" in response.text
    assert '<input type="hidden" name="route" value="esketamine_nasal">' in response.text


def test_several_places_are_a_question_first_and_their_namesakes_stand_below(client):
    response = client.get("/search?near=Springfield")

    page = Page(response.text)
    assert response.status_code == 422
    assert page.texts("h1") == ["Which place do you mean?"]
    assert "Clinics with such a name" in page.texts("h2")
    assert page.texts("h3")[0] == "Springfield Owl"


def test_choices_keep_the_treatment_that_was_typed_beside_them(client):
    page = Page(client.get("/search?near=spravato+Springfield").text)

    choices = [link["href"] for link in page.all("a") if "near=Springfield" in link["href"]]
    assert choices
    assert all("route=esketamine_nasal" in address for address in choices)


def test_a_name_too_long_is_refused_in_words_with_a_way_to_its_field(client):
    response = client.get("/search", query_string={"name": "x" * 201})

    assert response.status_code == 422
    assert "two words are enough" in response.text
    assert "name" in [tag.get("id") for tag in Page(response.text).tags]


def test_the_data_names_the_same_clinics_in_the_same_order(client):
    answer = client.get("/api/v1/clinics?name=paper")

    names = [clinic["name"] for clinic in answer.json["clinics"]]
    assert names == [text for text in get(client, name="paper").texts("h3") if text.startswith("Paper")]
    assert [clinic["distance_miles"] for clinic in answer.json["clinics"]] == [None, None]
    assert (answer.json["more"], answer.headers["Cache-Control"]) == (False, "no-store")


def test_a_page_of_names_takes_at_most_eight_statements(client):
    client.get("/search?near=Qwxyzzy")  # reads the gazetteer into memory

    for near in ("paper kite", "papr kyte", "spravato Springfield", "Springfield"):
        with counted_statements() as seen:
            client.get("/search", query_string={"near": near})
        assert len(seen) <= 8, near


def get(client, **query):
    response = client.get("/search", query_string=query)
    assert response.status_code == 200, response.text
    return Page(response.text)
