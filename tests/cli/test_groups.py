import pytest

from directory import create_app
from directory.domain.access import Role
from directory.models import Account
from directory.services import groups
from tests.support.accounts import ANNA, person, stored
from tests.support.reviews import NOON, account, accounts, approved, reviewed_clinic, told
from tests.support.tables import rows

TOLD = {"cure_all_claims": ("yes", told())}
ADMINISTRATOR = "ada@example.org"


def test_an_administrator_links_what_a_moderator_proposed_and_parts_it_again(run):
    anna, twin = person().id, account()
    clinic, moderator = reviewed_clinic(), account()
    pair = [approved(clinic, each, TOLD) for each in (anna, twin)]
    groups.propose(*pair, words="They write\nalike.", moderator_id=moderator, at=NOON)
    person(ADMINISTRATOR, role=Role.ADMINISTRATOR)

    proposed = run("proposals")
    linked = run("link", ANNA, public(twin), "--by", ADMINISTRATOR)
    left = run("proposals")
    unlinked = run("unlink", public(twin), "--by", ADMINISTRATOR)

    first, second = (public(each) for each in sorted((anna, twin)))
    assert proposed.output == f"2026-11-21  {first}  {second}  They write alike.\n"
    assert linked.output == f"{ANNA} and {public(twin)} speak with one voice now; 1 scores changed.\n"
    assert left.output == ""
    assert unlinked.output == f"{public(twin)} speaks for itself now; 1 scores changed.\n"
    assert stored(ANNA).linked_to_id is None


@pytest.mark.parametrize("command", [("link", "{0}", "{1}"), ("unlink", "{0}")])
def test_nobody_else_links_or_parts_accounts(run, command):
    people = [public(each) for each in accounts(2)]
    person(role=Role.MODERATOR)

    outcome = run(*[each.format(*people) for each in command], "--by", ANNA)

    assert outcome.exit_code == 1
    assert outcome.output == "Error: This takes a role that your account does not have.\n"


@pytest.mark.parametrize("command", [("link", "a", "b"), ("unlink", "a")])
def test_who_decides_is_named(run, command):
    assert "Missing option '--by'" in run(*command).output


@pytest.mark.parametrize("command", [("proposals",), ("link", "a", "b", "--by", ANNA), ("unlink", "a", "--by", ANNA)])
def test_a_database_without_tables_is_named_with_the_remedy(tmp_path, command):
    outcome = create_app({}, instance_path=tmp_path).test_cli_runner().invoke(args=["accounts", *command])

    assert "flask db upgrade" in outcome.output


def public(number):
    return rows(Account, Account.id == number)[0].public_id


@pytest.fixture
def run(app):
    def invoke(*arguments):
        return app.test_cli_runner().invoke(args=["accounts", *arguments])

    return invoke
