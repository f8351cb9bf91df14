"""A public register of 7,596 hospitals is imported and searched around six places that are easy to get wrong."""

import csv
from functools import cache

import pytest
from geopy.distance import geodesic

from tests.support.required import shared

FILE = "data/facilities/hifld_hospitals.csv"
PLACES = ["Saint Louis, MO", "Adak AK", "Hagåtña GU", "San Juan, PR", "Kansas City, KS", "Washington DC"]


def test_searches_around_six_places_give_the_ten_nearest_of_a_real_register(app, client):
    outcome = app.test_cli_runner().invoke(args=["clinics", "import", str(shared(FILE)), "--publish"])
    assert outcome.exit_code == 0, outcome.output

    for place in PLACES:
        answer = client.get("/api/v1/clinics", query_string={"near": place, "radius": 100, "limit": 10}).json

        centre = (answer["place"]["latitude"], answer["place"]["longitude"])
        expected = nearest_by_hand(centre)
        assert answer["total"] == min(1000, len(expected)), place
        found = [(clinic["name"], clinic["distance_miles"]) for clinic in answer["clinics"]]
        assert found == [(name, pytest.approx(miles, abs=0.001)) for miles, name in expected[:10]], place
        assert [clinic["latitude"] for clinic in answer["clinics"]] != [0] * len(found)


@cache
def open_hospitals():
    with shared(FILE).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["STATUS"] == "OPEN"]


def nearest_by_hand(centre):
    """Return (miles, name) of every open hospital within 100 miles by geopy's geodesic, nearest first."""
    # Nothing as far as two degrees of latitude lies within 100 miles; the rest is measured.
    close = [row for row in open_hospitals() if abs(float(row["LATITUDE"]) - centre[0]) < 2]
    measured = [
        (geodesic(centre, (float(row["LATITUDE"]), float(row["LONGITUDE"]))).miles, row["NAME"]) for row in close
    ]
    return sorted(pair for pair in measured if pair[0] <= 100)
