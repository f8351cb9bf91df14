import json

import pytest

from directory import create_app
from tests.support.client import Page
from tests.support.clinics import add_clinic

SAINT_LOUIS = (38.6346, -90.1913)
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


def test_the_map_knows_where_the_search_and_its_clinics_are(client):
    add_clinic(name="Near Teapot", at=(38.65, -90.2))
    add_clinic(name="Far Teapot", at=(38.9, -90.2))

    page = Page(client.get("/search?near=63101&radius=50").text)

    assert (the_map(page)["data-center"], the_map(page)["data-radius"]) == ("38.6346,-90.1913", "50")
    assert [row["data-at"] for row in page.all("article")] == ["38.6500,-90.2000", "38.9000,-90.2000"]


def test_the_map_names_the_larger_towns_around_the_largest_first(client):
    add_clinic(at=SAINT_LOUIS)

    page = Page(client.get("/search?near=63101&radius=25").text)

    towns = json.loads(the_map(page)["data-towns"])
    names = [name for name, _, _ in towns]
    assert names.index("Saint Louis") < names.index("Belleville")
    assert all(abs(latitude - 38.6) < 3 and abs(longitude + 90.2) < 4 for _, latitude, longitude in towns)
    assert 20 < len(towns) <= 80


def test_a_clinic_without_coordinates_is_not_on_the_map_and_that_is_said(client):
    add_clinic(name="Somewhere", city="Saint Louis", state="MO", at=None)
    add_clinic(name="Near Teapot", at=SAINT_LOUIS)

    source = client.get("/search?near=63101").text

    assert len([row for row in Page(source).all("article") if "data-at" in row]) == 1
    assert "Clinics whose exact place is not known are not on the map." in source
    assert "Clinics whose exact place is not known" not in client.get("/search?near=38.63,-90.19").text


def test_where_nothing_was_found_there_is_no_map_and_nothing_is_loaded_for_one(client):
    add_clinic(name="Beyond", at=(39.2, -90.2))

    page = Page(client.get("/search?near=63101&radius=5").text)

    assert [tag for tag in page.all("section") if tag.get("id") == "map"] == []
    assert not any("map" in script["src"] for script in page.all("script"))
    assert not any("data-at" in row for row in page.all("article"))


@pytest.mark.security(56)
def test_without_the_setting_nobody_else_is_named_on_the_page_or_in_the_policy(client):
    add_clinic(at=SAINT_LOUIS)

    response = client.get("/search?near=63101")

    assert "data-tiles" not in response.text
    fetched = [tag.get("src") or tag.get("href") for tag in Page(response.text).tags if tag[""] in {"script", "link"}]
    told = the_map(Page(response.text))
    assert all(address.startswith("/") for address in fetched)
    assert all(told[name].startswith("/") for name in ("data-leaflet", "data-sheet", "data-outlines"))
    assert "img-src 'self' data:;" in response.headers["Content-Security-Policy"]
    assert "http" not in response.headers["Content-Security-Policy"]


@pytest.mark.security(56)
def test_with_the_setting_pictures_may_come_from_that_host_alone(app, tmp_path):
    add_clinic(at=SAINT_LOUIS)
    settings = {"MAP_TILES_URL": TILES, "MAP_TILES_ATTRIBUTION": "Map by <them>"}
    with_tiles = create_app(settings | {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]}, instance_path=tmp_path)

    response = with_tiles.test_client().get("/search?near=63101")

    policy = response.headers["Content-Security-Policy"].split("; ")
    assert "img-src 'self' data: https://tiles.example.org" in policy
    assert [part for part in policy if "http" in part] == ["img-src 'self' data: https://tiles.example.org"]
    assert the_map(Page(response.text))["data-tiles"] == TILES
    assert "data-outlines" not in response.text
    assert "Map by &lt;them&gt;" in response.text


@pytest.mark.parametrize("filename", ["leaflet.js", "leaflet.css"])
def test_leaflet_comes_from_here_and_is_kept(client, filename):
    with client.get(f"/leaflet/{filename}") as response:
        assert response.status_code == 200
        assert "max-age=2592000" in response.headers["Cache-Control"]
        assert response.headers["ETag"]


@pytest.mark.parametrize("filename", ["leaflet-src.js", "leaflet.js.map", "images/layers.png", "../__init__.py"])
def test_no_more_of_the_package_is_sent_than_the_map_needs(client, filename):
    assert client.get(f"/leaflet/{filename}").status_code == 404


def test_the_outlines_are_kept_and_asked_for_again_only_when_they_have_changed(client):
    with client.get("/static/data/outlines.json") as first:
        tag = first.headers["ETag"]
        assert "max-age=3600" in first.headers["Cache-Control"]
    with client.get("/static/data/outlines.json", headers={"If-None-Match": tag}) as second:
        assert (second.status_code, second.data) == (304, b"")


def the_map(page):
    [section] = [tag for tag in page.all("section") if tag.get("id") == "map"]
    return section
