import re

import pytest

from directory import create_app
from tests.support.accounts import ANNA, PASSWORD, Person, person, sign_in, signed_in_client, stored, visitor


def test_an_account_is_made_with_a_password_that_is_asked_for(app, run):
    outcome = run("create", ANNA, typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert outcome.exit_code == 0
    assert PASSWORD not in outcome.output
    assert sign_in(visitor(app), Person(ANNA)).location == "/account/onward"


def test_a_password_that_is_made_is_shown_once_and_works(app, run):
    outcome = run("create", ANNA, "--role", "moderator", "--generate")

    password = re.search(r"shown only now: (\S+)", outcome.output)[1]
    assert "before a second step of signing in is set up" in outcome.output
    assert sign_in(visitor(app), Person(ANNA, password)).location == "/account/onward"
    assert [role.name for role in stored(ANNA).roles] == ["moderator"]


def test_a_role_is_granted_and_taken_back(run):
    person()

    granted = run("grant", ANNA, "moderator")
    with_it = [role.name for role in stored(ANNA).roles]
    revoked = run("revoke", ANNA, "moderator")

    assert "has the role moderator now" in granted.output
    assert with_it == ["moderator"]
    assert "no longer" in revoked.output
    assert stored(ANNA).roles == []


def test_an_account_that_is_closed_is_signed_out_and_stays_out(app, run):
    client = signed_in_client(app, person())

    outcome = run("close", ANNA)

    assert outcome.exit_code == 0
    assert client.get("/reviews").location == "/account/sign-in"
    assert sign_in(visitor(app), Person(ANNA)).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("create", "no address", "--generate"), "Enter an e-mail address like name@example.org."),
        (("grant", ANNA, "moderator"), "There is no account with this address."),
        (("revoke", ANNA, "moderator"), "There is no account with this address."),
        (("close", ANNA), "There is no account with this address."),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(run, arguments, sentence):
    outcome = run(*arguments)

    assert outcome.exit_code == 1
    assert outcome.output == f"Error: {sentence}\n"


@pytest.mark.parametrize("command", ["grant", "revoke"])
@pytest.mark.parametrize("role", ["visitor", "reviewer", "owner"])
def test_only_roles_that_are_granted_can_be_named(run, command, role):
    person()

    assert run(command, ANNA, role).exit_code == 2


@pytest.mark.parametrize(
    "command",
    [("create", ANNA, "--generate"), ("grant", ANNA, "moderator"), ("revoke", ANNA, "moderator"), ("close", ANNA)],
)
def test_a_database_without_tables_is_named_with_the_remedy(tmp_path, command):
    outcome = create_app({}, instance_path=tmp_path).test_cli_runner().invoke(args=["accounts", *command])

    assert "flask db upgrade" in outcome.output


@pytest.fixture
def run(app):
    def invoke(*arguments, typed=""):
        return app.test_cli_runner().invoke(args=["accounts", *arguments], input=typed)

    return invoke
