import json
import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import text

from directory import ROOT, create_app
from directory.extensions import db, reading
from tests.support.answers import TODAY
from tests.support.clinics import add_clinic
from tests.support.required import shared
from tests.support.reviews import account, approved, pages, reviewed_clinic
from tests.support.rows import tamper

CASE = {"rubric": "2026.1", "as_of": "2026-11-21", "answers": [], "rulings": []}
ANSWER = {
    "id": 1, "criterion": "cure_all_claims", "reviewer": "r1", "group": "r1", "value": "yes", "tier": 3,
    "observed_on": "2026-11-20", "rechecked_by": [],
}  # fmt: skip
RULING = {"criterion": "cure_all_claims", "kind": "remedied", "by": ["m1", "m2"], "on": "2026-11-20"}
#: What is in the file, and what is said.
BAD = [
    (b"", "case: this is no JSON: "),
    (b"   \n", "case: this is no JSON: "),
    (b"{", "case: this is no JSON: "),
    (b"\xff\xfe{}", "case: this is no text in UTF-8.\n"),
    (b"\xef\xbb\xbf{}", "case: this is no JSON: "),
    (b"[" * 100_000, "case: this is no JSON: it is nested too deeply.\n"),
    (b"9" * 5000, "case: this is no JSON: "),
    (b"NaN", "case: this is no JSON: NaN is no number of JSON.\n"),
    (b'{"rubric": "2026.1", "rubric": "2026.1"}', "case: this is no JSON: the field 'rubric' stands twice"),
    (b"[]", "case: give an object with the fields rubric, as_of, answers, rulings.\n"),
    (b"{}", "rubric: this field is missing.\n"),
    (CASE | {"mood": "good"}, "mood: no such field is known"),
    (CASE | {"\ud800": 1}, "'\\ud800': no such field is known"),
    (CASE | {"rubric": "2019.1"}, "rubric: no such version of the checklist has been published.\n"),
    (CASE | {"rubric": "../2026-1"}, "rubric: no such version"),
    (CASE | {"rubric": 2026.1}, "rubric: give a text that is not empty.\n"),
    (CASE | {"as_of": "2026-02-30"}, "as_of: give a day of the calendar, like 2026-11-21.\n"),
    (CASE | {"as_of": "20261121"}, "as_of: give a day of the calendar"),
    (CASE | {"answers": {}}, "answers: give a list, which may be empty.\n"),
    (CASE | {"answers": [7]}, "answers[0]: give an object with the fields id, "),
    (CASE | {"answers": [ANSWER, ANSWER | {"observed_on": 3}]}, "answers[1].observed_on: "),
    (CASE | {"answers": [ANSWER | {"criterion": "price"}]}, "answers[0].criterion: no such criterion"),
    (CASE | {"answers": [ANSWER | {"value": "not_applicable"}]}, "answers[0].value: give one of yes, no, unknown.\n"),
    (CASE | {"answers": [ANSWER | {"value": ["yes"]}]}, "answers[0].value: "),
    (CASE | {"answers": [ANSWER | {"tier": True}]}, "answers[0].tier: give 1, 2 or 3.\n"),
    (CASE | {"answers": [ANSWER | {"reviewer": ""}]}, "answers[0].reviewer: "),
    (CASE | {"answers": [ANSWER | {"rechecked_by": "m1"}]}, "answers[0].rechecked_by: give a list of names.\n"),
    (CASE | {"rulings": [RULING | {"criterion": "price_published"}]}, "rulings[0].criterion: no such criterion"),
    (CASE | {"rulings": [RULING | {"kind": "lifted"}]}, "rulings[0].kind: give one of confirm, remedied.\n"),
    (CASE | {"rulings": [{"criterion": "x", "kind": "x", "by": []}]}, "rulings[0].on: this field is missing.\n"),
]  # fmt: skip


@pytest.mark.parametrize("way", ["file", "standard input"])
def test_every_golden_case_is_explained_as_expected(way, explain, tmp_path):
    golden = json.loads(shared("scoring/golden.json").read_text(encoding="utf-8"))
    file = tmp_path / "case.json"

    for each in golden:
        given = json.dumps(each["case"])
        file.write_text(given, encoding="utf-8")
        outcome = explain(str(file)) if way == "file" else explain("-", input=given)

        assert (outcome.exit_code, outcome.stderr) == (0, "")
        assert json.loads(outcome.stdout) == each["expected"]
    assert golden


@pytest.mark.parametrize("way", ["file", "standard input"])
@pytest.mark.parametrize(("given", "sentence"), BAD)
def test_a_case_that_cannot_be_used_is_refused_with_its_field(given, sentence, way, explain, tmp_path):
    file = tmp_path / "case.json"
    file.write_bytes(given if isinstance(given, bytes) else json.dumps(given).encode())

    outcome = explain(str(file)) if way == "file" else explain("-", input=file.read_bytes())

    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(sentence)
    assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["none.json", "."])
def test_a_file_that_cannot_be_opened_is_named(name, explain, tmp_path):
    outcome = explain(str(tmp_path / name))

    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert str(tmp_path / name) in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    "given", [b"\xff", b"{}", json.dumps(CASE | {"r\u00e9sum\u00e9": 1}, ensure_ascii=False).encode()]
)
def test_a_whole_process_says_no_more_than_the_sentence(given, tmp_path):
    outcome = subprocess.run(
        [sys.executable, "-m", "flask", "scores", "explain", "-"], cwd=ROOT, input=given, capture_output=True,
        env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "LC_ALL": "C"}, timeout=60, check=False,
    )  # fmt: skip

    assert (outcome.returncode, outcome.stdout) == (2, b"")
    assert outcome.stderr.count(b"\n") == 1
    assert b"Traceback" not in outcome.stderr


def test_explaining_needs_no_database(explain, instance):
    assert explain("-", input=json.dumps(CASE)).exit_code == 0

    assert not list(instance.glob("*.sqlite3"))


@pytest.mark.parametrize("command", ["verify", "expire"])
def test_a_directory_that_is_not_set_up_is_not_looked_at(command, instance):
    outcome = create_app({}, instance_path=instance).test_cli_runner().invoke(args=["scores", command])

    assert outcome.exit_code == 1
    assert "not set up yet" in outcome.stderr


def test_a_record_that_holds_is_verified_in_a_sentence(run):
    cleared_clinic()

    outcome = run("verify")

    assert outcome.exit_code == 0
    assert outcome.stdout == "Every stored score is what its inputs give, and what the record holds.\n"


@pytest.mark.security(54)
def test_every_difference_is_printed_and_fails_the_command(run):
    clinic = cleared_clinic()
    tamper("UPDATE clinic SET grade = 'green', settled = 5")

    outcome = run("verify")

    assert outcome.exit_code == 1
    assert outcome.stdout.splitlines() == [
        f"clinic {clinic['public_id']}: grade is green; the record gives grey",
        f"clinic {clinic['public_id']}: settled is 5; the record gives 0",
    ]
    assert outcome.stderr == "Error: Differences: 2. Nothing was changed.\n"


def test_ageing_says_how_many_scores_it_stated_and_a_second_time_none(run):
    # The command asks the clock, so these days lie in the past and in the future of every machine.
    add_clinic(score_changes_on=date(2001, 1, 1))
    add_clinic(score_changes_on=date(2002, 2, 2))
    add_clinic(score_changes_on=date(9999, 9, 9))

    assert run("expire").stdout == "Scores stated anew: 2.\n"
    outcome = run("expire")

    assert (outcome.exit_code, outcome.stdout) == (0, "Scores stated anew: 0.\n")
    with reading() as session:
        assert session.scalar(text("SELECT count(*) FROM clinic WHERE score_changes_on IS NOT NULL")) == 1


def cleared_clinic():
    clinic = reviewed_clinic()
    approved(clinic, account(), {"cure_all_claims": ("no", *pages(TODAY))})
    return clinic


@pytest.fixture
def run(app):
    db.session.rollback()
    return lambda command: app.test_cli_runner().invoke(args=["scores", command])


@pytest.fixture
def instance(tmp_path):
    return tmp_path / "instance"


@pytest.fixture
def explain(instance):
    runner = create_app({}, instance_path=instance).test_cli_runner()
    return lambda *arguments, **given: runner.invoke(args=["scores", "explain", *arguments], **given)
