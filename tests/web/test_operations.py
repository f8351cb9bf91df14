from pathlib import Path

from directory import create_app


def test_a_running_process_is_healthy_whatever_its_database(tmp_path):
    client = create_app({"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}, instance_path=tmp_path).test_client()

    assert client.get("/healthz").json == {"status": "ok"}


def test_a_migrated_and_filled_directory_is_ready(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json) == (200, {"status": "ready", "run": []})


def test_an_empty_database_is_not_ready_and_says_what_to_run(tmp_path):
    client = empty_app(tmp_path).test_client()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json["run"] == ["flask db upgrade", "flask places load"]


def test_a_database_that_is_away_is_a_calm_503_for_people_and_programs(tmp_path):
    client = create_app({"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}, instance_path=tmp_path).test_client()

    for address in ("/search?near=63101", "/clinics/abc", "/readyz"):
        response = client.get(address)
        assert response.status_code == 503, address
        assert "Traceback" not in response.text
        assert "nowhere" not in response.text
    assert client.get("/api/v1/clinics?near=63101").json["error"]["code"] == "unavailable"


def test_a_search_on_an_empty_database_is_a_calm_503(tmp_path):
    response = empty_app(tmp_path).test_client().get("/search?near=63101")

    assert response.status_code == 503
    assert "not available right now" in response.text


def empty_app(folder: Path):
    return create_app({"DATABASE_URL": f"sqlite:///{folder / 'empty.sqlite3'}"}, instance_path=folder)
