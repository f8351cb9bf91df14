import pytest

from directory import create_app
from directory.services import audit
from directory.services.audit import NOTHING
from tests.support.answers import TODAY
from tests.support.reviews import account, approved, pages, reviewed_clinic
from tests.support.rows import tamper


def test_a_chain_that_holds_is_told_with_the_hash_to_note_down(run):
    two_entries()

    outcome = run()

    assert outcome.exit_code == 0
    assert outcome.stdout == f"Entries that hold: 2. Note this hash down outside: {audit.verify().head}\n"


def test_a_chain_of_nothing_holds(run):
    outcome = run("--head", NOTHING)

    assert (outcome.exit_code, outcome.stdout) == (0, f"Entries that hold: 0. Note this hash down outside: {NOTHING}\n")


@pytest.mark.security(54)
def test_a_chain_that_does_not_hold_fails_the_command_and_is_said_where(run):
    two_entries()
    tamper("UPDATE audit SET action = 'decline' WHERE seq = 2")

    outcome = run()

    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr == "Error: entry 2 is not as it was written. Entries that hold: 1.\n"


@pytest.mark.security(54)
def test_a_hash_that_was_noted_down_must_still_be_there(run):
    two_entries()
    head = audit.verify().head
    two_entries()
    assert run("--head", head).exit_code == 0
    tamper(
        "DELETE FROM answer_decision",
        "DELETE FROM audit WHERE seq > 1",
        "DELETE FROM decision WHERE action = 'approve'",
    )

    outcome = run("--head", head)

    assert outcome.exit_code == 1
    assert f"Error: no entry has the hash {head}" in outcome.stderr


def test_a_directory_that_is_not_set_up_is_not_looked_at(tmp_path):
    outcome = create_app({}, instance_path=tmp_path).test_cli_runner().invoke(args=["audit", "verify"])

    assert outcome.exit_code == 1
    assert "not set up yet" in outcome.stderr


def two_entries():
    approved(reviewed_clinic(), account(), {"cure_all_claims": ("no", *pages(TODAY))})


@pytest.fixture
def run(app):
    return lambda *options: app.test_cli_runner().invoke(args=["audit", "verify", *options])
