import json
import re
from datetime import date

import pytest
from geopy.distance import geodesic

from tests.support.answers import TODAY, days_ago
from tests.support.checklists import AT_HOME, CURE_ALL, HISTORY, SIGNS
from tests.support.client import Page
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.reviews import (
    REPLY_OVER,
    SITE,
    account,
    accounts,
    approved,
    confirmed,
    link,
    pages,
    rechecked,
    remedied,
    reviewed_clinic,
    told,
)
from tests.support.scores import scored

SAINT_LOUIS = (38.6346, -90.1913)


def test_a_search_answers_in_the_documented_shape(client):
    row = add_clinic(
        name="Blue Teapot", at=SAINT_LOUIS, postal_code="63101", routes=5,
        **scored("suspected cleared cleared cleared cleared", seen_on=date(2026, 11, 2)),
    )  # fmt: skip

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
            "grade": "amber", "low": 50, "high": 75, "number_shown": True, "settled": 4, "out_of": 5,
            "signs": {
                "at_home_use_offered": "suspected", "no_detailed_history": "cleared",
                "no_physician_on_staff": "cleared", "cure_all_claims": "cleared",
                "instant_permanent_promises": "cleared",
            },
            "signs_seen_on": "2026-11-02",
        }
    ]  # fmt: skip


def test_a_clinic_that_nobody_has_checked_is_unknown_in_every_field(client):
    add_clinic(at=SAINT_LOUIS)

    [clinic] = client.get("/api/v1/clinics?near=63101").json["clinics"]

    assert {name: clinic[name] for name in ("grade", "low", "high", "number_shown", "settled", "signs_seen_on")} == {
        "grade": "grey", "low": 0, "high": 100, "number_shown": False, "settled": 0, "signs_seen_on": None,
    }  # fmt: skip
    assert set(clinic["signs"].values()) == {"unknown"}


def test_the_page_and_the_api_show_the_same_clinics_in_the_same_order(client):
    scores = [scored(), scored("cleared cleared unknown unknown unknown"), scored("confirmed" + 4 * " cleared")]
    add_clinics([
        clinic_row(
            name=f"Clinic {n}", at=(38.6 + n % 7 / 100, -90.2 + n % 5 / 100), routes=n % 4, insurance=n % 5,
            price_min=100 * (n % 8) + 100, price_max=900, **scores[n % 3],
        )
        for n in range(60)
    ])  # fmt: skip

    for query in (
        "near=63101&radius=25",
        "near=63101&radius=7&sort=name",
        "near=63101&words=clinic+1",
        "near=63101&sort=signs",
        "near=63101&no_confirmed=1&checked=2",
        "near=63101&route=iv_infusion&insurance=accepts&insurance=superbill&price=500",
    ):
        page, answer = client.get(f"/search?{query}"), client.get(f"/api/v1/clinics?{query}").json
        assert Page(page.text).texts("h3") == [clinic["name"] for clinic in answer["clinics"]]
        which = " that fit," if re.search("words|checked|route", query) else ""
        assert f"{answer['total']} clinics{which} within {answer['radius_miles']} miles" in page.text


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
        ("near=63101&words=%F0%9F%98%80", "invalid_parameter", "words"),
        ("near=63101&words=a+b+c+d+e+f+g+h+i", "invalid_parameter", "words"),
        ("near=63101&radius=0", "invalid_parameter", "radius"),
        ("near=63101&radius=101", "invalid_parameter", "radius"),
        ("near=63101&limit=0", "invalid_parameter", "limit"),
        ("near=63101&limit=101", "invalid_parameter", "limit"),
        ("near=63101&limit=ten", "invalid_parameter", "limit"),
        ("near=63101&sort=paid", "invalid_parameter", "sort"),
        ("near=63101&route=x", "invalid_parameter", "route"),
        ("near=63101&setting=x", "invalid_parameter", "setting"),
        ("near=63101&insurance=accepts&insurance=x", "invalid_parameter", "insurance"),
        ("near=63101&price=401", "invalid_parameter", "price"),
        ("near=63101&no_confirmed=2", "invalid_parameter", "no_confirmed"),
        ("near=63101&checked=6", "invalid_parameter", "checked"),
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
    assert (answer["insurance"], answer["price_min"]) == ([], None)


def test_what_a_clinic_says_of_payment_is_in_its_answer(client):
    row = add_clinic(psychotherapy=1, insurance=10, payment_help=4, accepts=2, price_min=300, price_max=450)

    answer = client.get(f"/api/v1/clinics/{row['public_id']}").json

    assert {name: answer[name] for name in ("psychotherapy", "insurance", "payment_help", "accepts")} == {
        "psychotherapy": ["kap_in_session"], "insurance": ["spravato_only", "superbill"],
        "payment_help": ["third_party_credit"], "accepts": ["minors"],
    }  # fmt: skip
    assert (answer["price_min"], answer["price_max"]) == (300, 450)


def test_an_unknown_clinic_and_an_unknown_address_are_not_found_in_json(client):
    for address in ("/api/v1/clinics/nobody", "/api/v1/nothing"):
        response = client.get(address)
        assert response.status_code == 404
        assert response.json["error"]["code"] == "not_found"


def test_the_api_is_read_only(client):
    response = client.post("/api/v1/clinics")

    assert response.status_code == 405
    assert response.json["error"]["code"] == "method_not_allowed"


def test_one_clinic_comes_with_its_score_its_findings_and_their_evidence(client, monkeypatch):
    monkeypatch.setattr("directory.web.api.clinics.today", lambda: TODAY)
    row = reviewed_clinic()
    first, second = accounts(2)
    quoted = link("The cure.", days_ago(50), archive_url="https://archive.example/1")
    review = approved(row, first, {CURE_ALL.slug: ("yes", quoted), "price_published": ("yes", link())})
    approved(row, second, {CURE_ALL.slug: ("yes", told(on=days_ago(9))), "price_published": ("yes", told())})
    rechecked(review, CURE_ALL.slug)

    answer = client.get(f"/api/v1/clinics/{row['public_id']}").json

    finding = answer["findings"][CURE_ALL.slug]
    assert (answer["grade"], answer["low"], answer["high"], answer["settled"]) == ("amber", 0, 80, 1)
    assert (answer["number_shown"], answer["out_of"], answer["checklist"], answer["scorer"]) == (False, 5, "2026.1", 1)
    assert (answer["score_as_of"], answer["signs_seen_on"]) == ("2026-11-21", "2026-11-12")
    assert answer["signs"] == dict.fromkeys(SIGNS, "unknown") | {CURE_ALL.slug: "confirmed"}
    assert (finding["verdict"], finding["newest"]) == ("confirmed", "2026-11-12")
    assert finding["voices"] == {"found": 2, "not_found": 0}
    assert finding["answers"][1] == {
        "value": "yes", "points_to": "present", "tier": 3, "observed_on": "2026-10-02", "expires_on": "2027-03-31",
        "rechecked_on": ["2026-11-21"],
        "evidence": [{
            "kind": "link", "url": f"{SITE}/faq", "quote": "The cure.", "note": "",
            "archive_url": "https://archive.example/1", "seen_on": "2026-10-02",
        }],
    }  # fmt: skip
    assert len(answer["safeguards"]) == 30
    assert answer["safeguards"]["price_published"] == "in_place"


def test_what_ran_out_or_was_mended_is_among_the_former_answers(client, monkeypatch):
    monkeypatch.setattr("directory.web.api.clinics.today", lambda: TODAY)
    row = reviewed_clinic()
    approved(row, account(), {CURE_ALL.slug: ("yes", link(on=days_ago(90)))})
    remedied(row, CURE_ALL.slug, mended_on=days_ago(20))

    finding = client.get(f"/api/v1/clinics/{row['public_id']}").json["findings"][CURE_ALL.slug]

    assert (finding["verdict"], finding["mended_by"], finding["answers"]) == ("unknown", "2026-11-01", [])
    assert [former["observed_on"] for former in finding["former_answers"]] == ["2026-08-23"]


def test_anybody_can_recompute_from_the_case_what_the_api_and_the_page_say(app, client, monkeypatch):
    monkeypatch.setattr("directory.web.api.clinics.today", lambda: TODAY)
    row = reviewed_clinic()
    first, second = accounts(2)
    approved(
        row, first, {AT_HOME.slug: ("yes", link()), HISTORY.slug: ("yes", link()), CURE_ALL.slug: ("no", *pages(TODAY))}
    )
    mailed = told(on=REPLY_OVER)
    approved(row, second, {AT_HOME.slug: ("yes", mailed), HISTORY.slug: ("yes", told()), CURE_ALL.slug: ("no", told())})
    confirmed(row, AT_HOME.slug)

    case = client.get(f"/api/v1/clinics/{row['public_id']}/case")
    explained = app.test_cli_runner().invoke(args=["scores", "explain", "-"], input=case.text)

    said, answer = json.loads(explained.output), client.get(f"/api/v1/clinics/{row['public_id']}").json
    same = ("grade", "low", "high", "settled", "out_of", "number_shown")
    assert {name: said[name] for name in same} == {name: answer[name] for name in same}
    assert {slug: finding["verdict"] for slug, finding in said["signs"].items()} == answer["signs"]
    assert (said["rubric"], said["as_of"]) == (answer["checklist"], answer["score_as_of"])
    assert answer["signs"][AT_HOME.slug] == "confirmed"
    assert answer["grade"] == "red"


def test_a_case_can_be_asked_for_as_of_an_earlier_day(client, monkeypatch):
    monkeypatch.setattr("directory.web.api.clinics.today", lambda: TODAY)
    row = reviewed_clinic()
    approved(row, account(), {AT_HOME.slug: ("yes", link())})
    approved(row, account(), {AT_HOME.slug: ("yes", told(on=REPLY_OVER))})
    confirmed(row, AT_HOME.slug)

    address = f"/api/v1/clinics/{row['public_id']}/case"
    yesterday, now = client.get(f"{address}?as_of={days_ago(1)}").json, client.get(f"{address}?as_of={TODAY}").json

    assert (yesterday["as_of"], len(yesterday["rulings"])) == ("2026-11-20", 0)
    assert (now["as_of"], len(now["rulings"])) == ("2026-11-21", 2)


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "20261121", "2026-W47-6", "2026-1-2", "2026-11-22"])
def test_a_case_is_given_for_a_day_that_has_been(client, monkeypatch, day):
    monkeypatch.setattr("directory.web.api.clinics.today", lambda: TODAY)
    row = add_clinic()

    response = client.get(f"/api/v1/clinics/{row['public_id']}/case?as_of={day}")

    assert response.status_code == 422
    assert response.json["error"]["code"] == "invalid_parameter"
    assert response.json["error"]["details"]["field"] == "as_of"


def test_there_is_no_case_of_a_clinic_that_is_not_published(client):
    row = add_clinic(status="proposed")

    assert client.get(f"/api/v1/clinics/{row['public_id']}/case").status_code == 404
    assert client.get("/api/v1/clinics/nobody/case").status_code == 404
