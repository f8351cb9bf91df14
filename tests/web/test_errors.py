import logging

import pytest
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from directory import create_app
from directory.services import search
from directory.web.headers import HEADERS
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.engines import ON_EACH_ENGINE

SAINT_LOUIS = (38.6346, -90.1913)
#: What url_for() takes for itself.
RESERVED = ("endpoint", "_anchor", "_method", "_scheme", "_external", "self", "values", "public_id")


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("near", ["63101", "Springfield", "Canaryville"])
def test_a_parameter_of_our_own_functions_does_nothing_in_an_address(client, name, near):
    add_clinics([clinic_row(at=SAINT_LOUIS) for _ in range(3)])

    for address in ("/search", "/api/v1/clinics"):
        query = {"near": near, "limit": "1", name: "javascript"}
        response = client.get(address, query_string=query, headers={"Host": "elsewhere.example"})
        assert response.status_code in {200, 422}
        assert "elsewhere.example" not in response.text
        assert "javascript:" not in response.text


@pytest.mark.parametrize("host", ["..", "a..b", "x" * 300, "a b", "a/b", "-", "é", "a:99999999", ".", "a\tb", "[::g]"])
@pytest.mark.parametrize("address", ["/", "/search?near=63101", "/healthz", "/static/css/site.css", "/api/v1/clinics"])
def test_a_host_that_is_no_name_is_refused_in_plain_words(client, host, address):
    response = client.get(address, environ_overrides={"HTTP_HOST": host})

    assert response.status_code == 400
    assert response.text == "This site does not answer under that name.\n"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:5000", "[::1]:5000", "example.org.", "a_b.example"])
def test_ordinary_names_and_numbers_are_answered(client, host):
    assert client.get("/", environ_overrides={"HTTP_HOST": host}).status_code == 200


@pytest.mark.parametrize(
    "address", ["/", "/search?near=63101", "/healthz", "/static/css/site.css", "/api/v1/clinics", "/none"]
)
def test_in_production_only_our_own_names_are_answered(production, address, caplog):
    response = production.get(address, headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert HEADERS.items() <= dict(response.headers).items()
    assert "evil.example" not in response.text + caplog.text
    with production.get("/healthz", headers={"Host": "directory.example"}) as ours:
        assert ours.status_code == 200


@pytest.mark.parametrize(
    "address", ["/clinics/%00", "/clinics/a%00b/x", "/api/v1/clinics/%00", "/clinics/" + "x" * 500]
)
@ON_EACH_ENGINE
def test_what_can_be_no_id_is_not_found_on_either_engine(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_method_that_is_not_allowed_says_which_are(client, method):
    response = getattr(client, method)("/search")

    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (OperationalError("SELECT canary", {}, Exception("canary is locked")), 503),
        (InterfaceError("SELECT canary", {}, Exception("canary")), 503),
        (PoolTimeoutError("canary"), 503),
        # A fault of ours is not blamed on the database.
        (ProgrammingError("SELECT canary", {}, Exception("canary")), 500),
        (IntegrityError("SELECT canary", {}, Exception("canary")), 500),
        (RuntimeError("canary"), 500),
    ],
)
def test_trouble_with_the_database_is_told_apart_from_ours_and_tells_nothing(
    client, monkeypatch, caplog, failure, status
):
    def fail(*_, **__):
        raise failure

    add_clinic(at=SAINT_LOUIS)
    monkeypatch.setattr(search, "nearby", fail)
    caplog.set_level(logging.INFO)

    response = client.get("/search?near=63101")

    assert response.status_code == status
    assert "canary" not in response.text + caplog.text
    assert type(failure).__name__ in caplog.text


@pytest.fixture
def production(tmp_path):
    settings = {
        "APP_ENV": "production", "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789-_", "BASE_URL": "https://directory.example",
        "TOTP_KEYS": "abcdefghijklmnopqrstuvwxyz0123456789-_", "RECOVERY_CODE_KEYS": f"{'A' * 43}=",
        "TRUSTED_HOSTS": "directory.example", "RATE_LIMIT_STORAGE": "redis://127.0.0.1:1", "MAIL_URL": "smtp://127.0.0.1:1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }  # fmt: skip
    return create_app(settings, instance_path=tmp_path).test_client()
