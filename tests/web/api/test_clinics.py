import pytest
from geopy.distance import geodesic

from tests.support.client import Page
from tests.support.clinics import add_clinic, add_clinics, clinic_row

SAINT_LOUIS = (38.6346, -90.1913)


def test_a_search_answers_in_the_documented_shape(client):
    row = add_clinic(name="Blue Teapot", at=SAINT_LOUIS, postal_code="63101", routes=5)

    answer = client.get("/api/v1/clinics?near=63101&radius=25&limit=20").json

    assert answer["place"] | {"accuracy_miles": None} == {
        "label": "Saint Louis, MO 63101", "latitude": 38.6346, "longitude": -90.1913, "precision": "zip",
        "accuracy_miles": None, "notes": [],
    }  # fmt: skip
    assert (answer["radius_miles"], answer["total"], answer["total_is_capped"], answer["next"]) == (25, 1, False, None)
    assert answer["clinics"] == [
        {
            "id": row["public_id"], "name": "Blue Teapot", "slug": "blue-teapot", "city": "Saint Louis", "state": "MO",
            "postal_code": "63101", "latitude": 38.6346, "longitude": -90.1913, "distance_miles": 0.0,
            "routes": ["iv_infusion", "esketamine_nasal"], "facts_as_of": "2026-10-02",
            "url": f"/clinics/{row['public_id']}/blue-teapot",
        }
    ]  # fmt: skip


def test_the_page_and_the_api_show_the_same_clinics_in_the_same_order(client):
    add_clinics([clinic_row(name=f"Clinic {n}", at=(38.6 + n % 7 / 100, -90.2 + n % 5 / 100)) for n in range(60)])

    for query in ("near=63101&radius=25", "near=63101&radius=7&sort=name", "near=63101&words=clinic+1"):
        page, answer = client.get(f"/search?{query}"), client.get(f"/api/v1/clinics?{query}").json
        assert Page(page.text).texts("h3") == [clinic["name"] for clinic in answer["clinics"]]
        assert f"{answer['total']} clinics within {answer['radius_miles']} miles" in page.text


def test_the_address_of_the_next_page_leads_through_all_results(client):
    add_clinics([clinic_row(at=(38.6, -90.2)) for _ in range(45)])

    address, ids = "/api/v1/clinics?near=38.6,-90.2&radius=5&limit=10", []
    while address:
        answer = client.get(address).json
        ids += [clinic["id"] for clinic in answer["clinics"]]
        address = answer["next"]

    assert len(ids) == len(set(ids)) == 45


def test_the_distance_in_an_answer_is_within_a_tenth_of_a_metre_of_the_geodesic(client):
    add_clinic(at=(38.9, -90.5))

    [clinic] = client.get("/api/v1/clinics?near=38.6346,-90.1913&radius=50").json["clinics"]

    assert abs(clinic["distance_miles"] - geodesic(SAINT_LOUIS, (38.9, -90.5)).miles) * 1609.344 < 0.1


def test_coordinates_are_a_place_of_precision_point(client):
    place = client.get("/api/v1/clinics?near=38.63,-90.19").json["place"]

    assert (place["precision"], place["latitude"], place["longitude"]) == ("point", 38.63, -90.19)


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("near=Springfield", "ambiguous_place", None),
        ("near=Qwxyzzy", "unknown_place", None),
        ("", "unknown_place", None),
        ("near=0,0", "unknown_place", None),
        ("near=63101&radius=0", "invalid_parameter", "radius"),
        ("near=63101&radius=101", "invalid_parameter", "radius"),
        ("near=63101&limit=0", "invalid_parameter", "limit"),
        ("near=63101&limit=101", "invalid_parameter", "limit"),
        ("near=63101&limit=ten", "invalid_parameter", "limit"),
        ("near=63101&sort=paid", "invalid_parameter", "sort"),
        ("near=63101&route=x", "invalid_parameter", "route"),
        ("near=63101&cursor=x", "invalid_parameter", "cursor"),
        ("near=" + "x" * 201, "invalid_parameter", "near"),
    ],
)
def test_errors_have_one_shape_and_name_the_field(client, query, code, field):
    response = client.get(f"/api/v1/clinics?{query}")

    assert response.status_code == 422
    assert response.json["error"]["code"] == code
    assert response.json["error"]["message"]
    assert response.json["error"]["details"].get("field") == field
    assert set(response.json["error"]) == {"code", "message", "details"}


def test_an_ambiguous_place_names_its_candidates(client):
    candidates = client.get("/api/v1/clinics?near=Springfield").json["error"]["details"]["candidates"]

    assert len(candidates) > 3
    assert all(place["label"].startswith("Springfield, ") for place in candidates)


def test_an_overlong_query_is_a_bad_request(client):
    response = client.get("/api/v1/clinics?near=63101&x=" + "y" * 8200)

    assert response.status_code == 400
    assert response.json["error"]["code"] == "bad_request"


def test_one_clinic_can_be_asked_for(client):
    row = add_clinic(name="Blue Teapot", at=SAINT_LOUIS, phone="+13145550142")

    answer = client.get(f"/api/v1/clinics/{row['public_id']}").json

    assert (answer["name"], answer["phone"], answer["settings"]) == ("Blue Teapot", "+13145550142", [])
    assert "contact_email" not in answer


def test_an_unknown_clinic_and_an_unknown_address_are_not_found_in_json(client):
    for address in ("/api/v1/clinics/nobody", "/api/v1/nothing"):
        response = client.get(address)
        assert response.status_code == 404
        assert response.json["error"]["code"] == "not_found"


def test_the_api_is_read_only(client):
    response = client.post("/api/v1/clinics")

    assert response.status_code == 405
    assert response.json["error"]["code"] == "method_not_allowed"
