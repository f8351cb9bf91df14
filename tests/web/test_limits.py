import pytest

from directory import create_app


def test_a_flood_from_one_visitor_is_answered_with_a_request_to_wait(limited):
    client = limited()

    statuses = [client.get("/about").status_code for _ in range(301)]

    assert statuses == [200] * 300 + [429]
    assert "wait a minute" in client.get("/about").text
    assert client.get("/api/v1/clinics?near=63101").json["error"]["code"] == "too_many_requests"


def test_one_visitor_does_not_use_up_the_share_of_another(limited):
    client = limited()
    for _ in range(301):
        client.get("/about")

    assert client.get("/about", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200


def test_a_forged_address_does_not_help(limited):
    client = limited()

    statuses = {
        client.get("/about", headers={"X-Forwarded-For": f"203.0.113.{number % 250}"}).status_code
        for number in range(301)
    }

    assert 429 in statuses


def test_behind_our_own_proxy_visitors_are_told_apart(limited):
    client = limited(TRUSTED_PROXIES="1")
    for _ in range(301):
        client.get("/about", headers={"X-Forwarded-For": "203.0.113.1"})

    assert client.get("/about", headers={"X-Forwarded-For": "203.0.113.1"}).status_code == 429
    assert client.get("/about", headers={"X-Forwarded-For": "203.0.113.2"}).status_code == 200


def test_a_server_that_asks_whether_we_live_is_never_told_to_wait(limited):
    client = limited()

    assert {client.get("/healthz").status_code for _ in range(310)} == {200}


@pytest.fixture
def limited(tmp_path):
    def make(**settings):
        settings |= {"RATE_LIMIT_STORAGE": "memory://", "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
        return create_app(settings, instance_path=tmp_path).test_client()

    return make
