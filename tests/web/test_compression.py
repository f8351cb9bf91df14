import gzip

import pytest
from flask.testing import FlaskClient

from tests.support.clinics import add_clinics, clinic_row

TAKES = {"Accept-Encoding": "gzip, deflate, br"}
SAINT_LOUIS = (38.6346, -90.1913)
PAGE, FILE, SHORT = "/search?near=63101", "/static/css/site.css", "/healthz"


@pytest.mark.parametrize("address", [PAGE, FILE, "/bootstrap/static/css/bootstrap.min.css", "/api/v1/checklist"])
def test_what_is_sent_compressed_says_the_same_in_fewer_bytes(client, address):
    with client.get(address) as plain, client.get(address, headers=TAKES) as small:
        assert small.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.data) == plain.data
        assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
        assert "Accept-Encoding" in small.headers["Vary"]
        assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (PAGE, {}),
        (FILE, {"Accept-Encoding": "br"}),
        (FILE, {"Accept-Encoding": "gzip;q=0"}),
        (SHORT, TAKES),
        ("/static/none", TAKES),
    ],
)
def test_other_answers_are_sent_as_they_are(client, address, headers):
    with client.get(address, headers=headers) as response:
        assert "Content-Encoding" not in response.headers


def test_beside_the_secrets_of_a_session_no_length_of_a_page_tells_about_them(client):
    client.set_cookie("session", "x")

    with client.get(PAGE, headers=TAKES) as page, client.get(FILE, headers=TAKES) as file:
        assert "Content-Encoding" not in page.headers
        assert file.headers["Content-Encoding"] == "gzip"


def test_a_compressed_file_is_not_sent_again_while_it_is_the_same(client):
    with client.get(FILE, headers=TAKES) as first:
        tag = first.headers["ETag"]
    with client.get(FILE, headers=TAKES | {"If-None-Match": tag}) as second:
        assert tag.startswith('W/"')
        assert (second.status_code, second.data) == (304, b"")
        assert (second.headers["ETag"], second.headers["Vary"]) == (tag, "Accept-Encoding")


@pytest.mark.parametrize("takes", [TAKES, {}])
def test_nobody_is_told_to_join_parts_of_a_file_that_come_in_two_forms(client, takes):
    with client.get(FILE, headers=takes) as response:
        assert response.headers["Accept-Ranges"] == "none"
        assert response.headers["ETag"].startswith('W/"')


@pytest.fixture
def client(app):
    add_clinics([clinic_row(name=f"Teapot {number}", at=SAINT_LOUIS) for number in range(20)])
    app.test_client_class = FlaskClient  # ours reads every page, and reads no compressed one
    return app.test_client()
