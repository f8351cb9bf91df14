import pytest

from directory import create_app
from tests.support.clinics import add_named, clinic_row
from tests.support.hostile import strings
from tests.support.statements import counted_statements


@pytest.fixture
def suggest(client):
    add_named(*(clinic_row(name=f"Paper Kite {letter}", city="Reno", state="NV") for letter in "bcdfgh"))
    add_named(
        clinic_row(name="Hidden Kite", status="proposed"), clinic_row(name="Tin Walrus", city="Boston", state="MA")
    )

    def ask(typed):
        response = client.get("/api/v1/places", query_string={"q": typed})
        assert response.status_code == 200
        return response.json

    return ask


def labels(answer):
    return [place["label"] for place in answer["places"]]


def test_the_larger_places_that_begin_as_typed_come_first(suggest):
    found = labels(suggest("saint lo"))

    assert found[0] == "Saint Louis, MO"
    assert 1 < len(found) <= 5
    assert labels(suggest("ST. LO")) == found


def test_a_zip_is_suggested_from_its_first_digits(suggest):
    assert labels(suggest("6310"))[:2] == ["Saint Louis, MO 63101", "Saint Louis, MO 63102"]


@pytest.mark.parametrize("typed", ["springf, mo", "springfield mo", "Springfield, Missouri"])
def test_a_state_narrows_the_places(suggest, typed):
    assert labels(suggest(typed)) == ["Springfield, MO"]


def test_a_misspelt_place_is_suggested_where_none_begins_so(suggest):
    assert "Milwaukee, WI" in labels(suggest("milwakee"))


def test_published_clinics_are_suggested_with_their_address(suggest):
    [clinic] = suggest("tin wal")["clinics"]

    assert (clinic["name"], clinic["city"], clinic["state"]) == ("Tin Walrus", "Boston", "MA")
    assert clinic["url"].startswith(f"/clinics/{clinic['id']}/")
    assert [each["name"] for each in suggest("kite")["clinics"]] == [f"Paper Kite {letter}" for letter in "bcdfg"]


def test_the_clinics_of_a_place_are_not_suggested_for_its_name(suggest):
    assert suggest("boston")["clinics"] == []


@pytest.mark.parametrize("typed", ["", "a", "ab", "  ", "%%%", "\x00\x01\x02"])
def test_less_than_three_letters_suggest_nothing(suggest, typed):
    assert suggest(typed) == {"places": [], "clinics": []}


def test_what_is_too_long_is_refused_by_name(client):
    answer = client.get("/api/v1/places", query_string={"q": "x" * 201})

    assert answer.status_code == 422
    assert answer.json["error"]["details"] == {"field": "q"}


@pytest.mark.security(36, 51)
def test_hostile_words_suggest_little_take_few_statements_and_are_kept_nowhere(suggest):
    suggest("boston")  # reads the gazetteer into memory
    for typed in strings()[::7]:
        with counted_statements() as seen:
            answer = suggest(typed[:200])
        assert len(answer["places"]) <= 5
        assert len(answer["clinics"]) <= 5
        assert len(seen) <= 5


@pytest.mark.security(51, 55)
def test_what_somebody_began_to_type_stays_in_no_cache_no_cookie_and_no_log(client, caplog):
    response = client.get("/api/v1/places?q=canarytown")

    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert "canarytown" not in caplog.text


def test_suggestions_count_as_requests_do(tmp_path):
    settings = {"RATE_LIMIT_STORAGE": "memory://", "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    client = create_app(settings, instance_path=tmp_path).test_client()

    statuses = [client.get("/api/v1/places?q=a").status_code for _ in range(301)]

    assert statuses == [200] * 300 + [429]
