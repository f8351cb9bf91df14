"""A visitor who means harm finds plain text, clear refusals, and nothing of anybody else."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import request
from sqlalchemy import event, text

from benchmarks.hostile import expressions
from directory import create_app
from directory.extensions import db
from directory.logs import _JsonLines
from directory.models import Clinic
from directory.web.headers import HEADERS
from tests.support import hostile
from tests.support.client import Page
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.engines import ON_ONE_ENGINE, ON_POSTGRESQL
from tests.support.pages import PAGES
from tests.support.tables import rows

ROOT = Path(__file__).resolve().parents[2]
SAINT_LOUIS = (38.6346, -90.1913)
#: Together where the form reads each of them by itself; the place, the words and the cursor go further in.
PARAMETERS = (("near",), ("words",), ("cursor",), ("radius", "sort", "route", "limit"))


@ON_POSTGRESQL  # on SQLite the pages are asked the same below
@pytest.mark.security(36)
@pytest.mark.security(37)
@pytest.mark.parametrize("parameters", PARAMETERS, ids="+".join)
def test_no_string_in_a_parameter_breaks_an_answer_or_changes_what_is_there(client, parameters):
    add_clinic(name="Blue Teapot", at=SAINT_LOUIS)

    for typed in hostile.kinds():
        query = {"near": "63101"} | dict.fromkeys(parameters, encodable(typed))
        assert client.get("/api/v1/clinics", query_string=query).status_code in {200, 400, 422}, (parameters, typed)

    assert client.get("/api/v1/clinics?near=63101").json["total"] == 1


@ON_ONE_ENGINE
@pytest.mark.security(30)
@pytest.mark.security(36)
@pytest.mark.security(37)
def test_what_is_searched_for_is_shown_as_text_and_never_as_markup(client):
    add_clinic(name="Blue Teapot", at=SAINT_LOUIS, status="proposed")
    known = [
        client.get(f"/search?{query}").text for query in ("near=Qwxyzzy", "near=Springfield", "near=63101&words=x")
    ]
    known += [client.get("/search", query_string={"near": "x" * 201, "words": "\x00"}).text]
    shapes = set().union(*map(shape, known))

    for typed in hostile.kinds():
        for query in ({"near": encodable(typed)}, {"near": "63101", "words": encodable(typed)}):
            # What may be a name and a place goes on to the place.
            response = client.get("/search", query_string=query, follow_redirects=True)
            page = Page(response.text)
            assert response.status_code in {200, 400, 422}, query
            assert response.request.path == "/search"
            assert str(1337 * 7331) not in response.text, "a template computed what was typed"
            assert not page.inline(), typed
            assert shape_of(page) <= shapes, typed

    assert [clinic.name for clinic in rows(Clinic)] == ["Blue Teapot"]


@ON_ONE_ENGINE
@pytest.mark.security(36)
@pytest.mark.security(37)
@pytest.mark.parametrize("parameters", PARAMETERS[2:], ids="+".join)
def test_no_string_in_what_only_a_page_writes_breaks_the_page(client, parameters):
    add_clinic(name="Blue Teapot", at=SAINT_LOUIS)

    # A form of ours makes these: a string is refused before it goes any further.
    for typed in hostile.kinds():
        query = {"near": "63101"} | dict.fromkeys(parameters, encodable(typed))
        response = client.get("/search", query_string=query)
        assert response.status_code in {200, 400, 422}, (parameters, typed)
        assert str(1337 * 7331) not in response.text, "a template computed what was typed"


@ON_ONE_ENGINE
@pytest.mark.security(30)
def test_what_a_clinic_is_called_is_shown_as_text_and_never_as_markup(client):
    names = [typed[:200] for typed in hostile.kinds() if storable(typed)]
    rows = add_clinics([
        clinic_row(name=name, city=name[:100], at=SAINT_LOUIS) | {"name_key": "k", "slug": "s"} for name in names
    ])  # fmt: skip

    for row in rows:
        response = client.get(f"/clinics/{row['public_id']}/s")
        page = Page(response.text)
        assert response.status_code == 200
        assert not page.inline()
        assert not [tag for tag in page.tags if tag[""] in {"img", "iframe", "object", "embed", "form"}]
        scripts = [tag["src"] for tag in page.tags if tag[""] == "script"]
        assert scripts == [f"/static/js/{name}.js" for name in ("leave", "shortlist", "share", "print")]
    address, seen = "/search?near=63101&limit=100", 0
    while address:
        page = Page(client.get(address).text)
        assert not page.inline()
        seen += len(page.all("article"))
        address = next((link["href"] for link in page.all("a") if link.get("rel") == "next"), None)
    assert seen == len(rows)


@pytest.mark.security(38)
@ON_ONE_ENGINE
def test_an_overlong_query_is_refused_before_anything_is_asked(client):
    statements = []
    note = lambda *_: statements.append(1)  # noqa: E731 - an event wants a callable, and this is all of it
    event.listen(db.engine, "before_cursor_execute", note)

    response = client.get("/search?near=" + "x" * 8192)

    event.remove(db.engine, "before_cursor_execute", note)
    assert response.status_code == 400
    assert statements == []


@pytest.mark.security(39)
def test_every_expression_is_measured_by_the_benchmark():
    names = {name.partition(":")[0] for name, _, _ in expressions()}

    assert {"directory.domain.identifiers", "directory.domain.searches", "directory.web.forms"} <= names


@pytest.mark.security(46)
@pytest.mark.parametrize(
    "address", [*PAGES.values(), "/healthz", "/api/v1/clinics", "/static/css/site.css", "/static/none"]
)
@ON_ONE_ENGINE
def test_every_answer_carries_the_headers_and_no_page_has_anything_inline(client, address):
    with client.get(address) as response:
        assert HEADERS.items() <= dict(response.headers).items()
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))


@pytest.mark.security(46)
def test_no_template_has_a_style_a_script_or_a_nonce_inside():
    for template in (ROOT / "templates").rglob("*.html"):
        source = template.read_text(encoding="utf-8")
        assert not re.search(r"style=|nonce|render_icon|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|\|\s*safe", source), (
            template
        )


@pytest.mark.security(48)
@ON_ONE_ENGINE
def test_a_fault_of_ours_shows_no_trace_and_its_number_is_in_the_log(broken_client, caplog):
    response = broken_client.get("/search?near=63101")

    assert response.status_code == 500
    assert "Traceback" not in response.text
    assert "no such function of ours" not in response.text
    number = response.headers["X-Request-Id"]
    assert number in response.text
    assert [record for record in caplog.records if record.levelno == logging.ERROR and number in record.getMessage()]


@pytest.mark.security(49)
def test_a_body_of_more_than_a_megabyte_or_a_thousand_parts_is_too_much(tmp_path):
    client = reading_client(tmp_path)

    assert client.post("/reads-a-form", data=b"x" * 1_000_001, content_type="text/plain").status_code == 413
    many = {f"field{number}": "x" for number in range(1001)}
    assert client.post("/reads-a-form", data=many, content_type="multipart/form-data").status_code == 413


@pytest.mark.security(51)
def test_a_search_leaves_no_trace_in_the_log(app, client, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    add_clinic(at=SAINT_LOUIS)
    for query in (
        "near=38.6271,-90.1994",
        "near=Qwcanary",
        "near=63101&words=Wordcanary",
        "near=63101&cursor=Cursorcanary",
    ):
        client.get(
            f"/search?{query}", headers={"Cookie": "session=Cookiecanary"}, environ_base={"REMOTE_ADDR": "203.0.113.77"}
        )
        client.get(f"/api/v1/clinics?{query}")

    written = caplog.text + "".join(capfd.readouterr())
    assert '"event": "request"' in written or "'event': 'request'" in written
    for secret in ("38.6271", "90.1994", "canary", "203.0.113", "63101"):
        assert secret not in written


@pytest.mark.security(51)
def test_a_failing_statement_does_not_tell_what_it_was_asked(app):
    with pytest.raises(Exception, match="no_such_table") as failure:
        db.session.execute(text("SELECT :place FROM no_such_table"), {"place": "38.6271 canary"})

    assert "canary" not in str(failure.value)


@pytest.mark.security(52)
def test_nobody_can_forge_a_line_of_the_log():
    handler = _JsonLines()
    line = logging.LogRecord("directory", logging.INFO, "", 0, 'one\n{"event": "forged"} \x1b[31m', (), None)

    written = handler.format(line)

    assert "\n" not in written
    assert "\x1b" not in written
    assert json.loads(written)["event"].startswith("one\n")


@pytest.mark.security(55)
@pytest.mark.parametrize("address", PAGES.values())
@ON_ONE_ENGINE
def test_public_pages_set_no_cookie_even_for_a_visitor_who_sends_one(client, address):
    response = client.get(address, headers={"Cookie": "session=eyJhIjoxfQ.aaaa.bbbb; other=1"})

    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.security(57)
def test_the_code_is_clean_to_a_security_linter():
    command = [sys.executable, "-m", "bandit", "-q", "-r", "directory"]

    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.security(57)
@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_hash_and_no_index_is_named(lock):
    source = (ROOT / lock).read_text(encoding="utf-8")

    packages = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==", source, re.MULTILINE)
    assert len(packages) > 30
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", source.strip()))
    assert "://" not in source


@pytest.mark.security(58)
def test_nothing_public_counts_the_clinics(client):
    row = add_clinic(at=SAINT_LOUIS)

    answer = client.get("/api/v1/clinics?near=63101").json["clinics"][0]

    assert answer["id"] == row["public_id"]
    numbers = {name for name, value in answer.items() if isinstance(value, int)}
    assert numbers == {"low", "high", "settled", "out_of", "number_shown"}, (
        "what a score is made of, and no number of ours"
    )
    assert [client.get(f"/clinics/{number}").status_code for number in range(3)] == [404] * 3


def shape_of(page):
    return {(tag[""], tag.get("class", "")) for tag in page.tags}


def shape(source):
    return shape_of(Page(source))


def encodable(text):
    """Return what a browser would send: halves of a character do not travel."""
    return text.encode("utf-8", errors="replace").decode()


def storable(text):
    return text.strip() and "\x00" not in text and text == encodable(text)


def reading_client(folder):
    """Return a client of an application of its own whose one page reads a form; ours have none yet."""
    reader = create_app({"DATABASE_URL": f"sqlite:///{folder / 'empty.sqlite3'}"}, instance_path=folder)
    reader.add_url_rule("/reads-a-form", "reads_a_form", reads_a_form, methods=["POST"])
    return reader.test_client()


def reads_a_form():
    return str(len(request.files) + len(request.get_data()))


@pytest.fixture
def broken_client(app):
    """An application whose geocoder fails in a way that nobody foresaw."""

    class Broken:
        def find(self, _text):
            raise RuntimeError("no such function of ours")

    kept = app.extensions["geocoder"]
    app.extensions["geocoder"] = Broken()
    yield app.test_client()
    app.extensions["geocoder"] = kept
