import subprocess
import sys

import pytest

from directory import ROOT

UNREACHED = "Error: The database cannot be reached. Look at DATABASE_URL and whether its server runs.\n"
COMMANDS = (
    ("db", "upgrade"),
    ("db", "downgrade", "base"),
    ("db", "current"),
    ("db", "check"),
    ("places", "load"),
    ("demo", "load"),
    ("clinics", "import", "README.md"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("kind", ["away", "no database"])
def test_a_command_without_a_database_says_so_in_one_sentence(command, kind, tmp_path):
    foreign = tmp_path / "letter.txt"
    foreign.write_text("these are words, and no tables at all. " * 100)
    url = "postgresql://nobody:hunter2@127.0.0.1:1/nothing" if kind == "away" else f"sqlite:///{foreign}"

    outcome = flask(*command, url=url)

    assert outcome.returncode == 1
    assert told(outcome.stderr) == UNREACHED
    assert foreign.read_text().startswith("these are words")


def test_the_history_of_the_migrations_needs_no_database():
    assert flask("db", "heads", url="postgresql://nobody@127.0.0.1:1/nothing").returncode == 0


def told(errors):
    """Without the lines in which Alembic says what it is about to do."""
    return "".join(line for line in errors.splitlines(keepends=True) if not line.startswith("INFO "))


def flask(*arguments, url):
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments], cwd=ROOT, env={"DATABASE_URL": url, "DEMO": "1"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
