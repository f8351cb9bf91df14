from sqlalchemy import func, select

from directory.extensions import reading
from directory.models.place import Place
from tests.support.engines import ON_ONE_ENGINE


@ON_ONE_ENGINE  # tests/services loads on both
def test_a_second_load_changes_nothing_and_says_so(app):
    before = highest_id()

    outcome = app.test_cli_runner().invoke(args=["places", "load"])

    assert outcome.exit_code == 0
    assert "already loaded" in outcome.output
    assert highest_id() == before


@ON_ONE_ENGINE
def test_a_forced_load_prints_what_it_loaded_and_what_it_left_out(app):
    outcome = app.test_cli_runner().invoke(args=["places", "load", "--force"])

    assert outcome.exit_code == 0
    assert "41,069 ZIP codes and 39,138 names of cities are loaded." in outcome.output
    assert "Left out: 882 ZIP codes no longer in use." in outcome.output


@ON_ONE_ENGINE
def test_the_help_says_what_the_command_does(app):
    outcome = app.test_cli_runner().invoke(args=["places", "load", "--help"])

    assert "Fill the offline gazetteer" in outcome.output
    assert "--force" in outcome.output


def highest_id():
    with reading() as session:
        return session.scalar(select(func.max(Place.id)))
