"""Changes the scorer in many small ways and prints how many of the changes its tests notice: `make mutate`.

[tool.mutmut] in pyproject.toml names the modules and the tests; the copy that is changed lies in mutants/ (ignored by
git). mutmut changes what stands inside functions. Tables, constants and properties are beyond it, so their tests give
every cell and every edge.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

GOAL_PERCENT = 95
FOLDER = Path("mutants")
MUTMUT = Path(sys.executable).with_name("mutmut")
#: A change that makes a test run for ever is noticed as well.
NOTICED = {"killed", "timeout"}


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    mutmut("run")
    outcomes = read(mutmut("results", "--all", "true"))
    changes = [mutmut("show", name) for name in unnoticed(outcomes)]
    print(*changes, summary(outcomes), sep="\n")  # noqa: T201 - the script's whole output
    sys.exit(0 if reaches_goal(outcomes) else 1)


def read(results):
    """Return what became of each change, by its name, from the lines that mutmut prints."""
    return dict(line.strip().rsplit(": ", 1) for line in results.splitlines() if line.strip())


def unnoticed(outcomes):
    return [name for name, outcome in outcomes.items() if outcome not in NOTICED]


def summary(outcomes):
    killed, every = len(outcomes) - len(unnoticed(outcomes)), len(outcomes)
    percent = 1000 * killed // every / 10 if every else 0
    return f"killed {killed} of {every} ({percent} %), goal ≥ {GOAL_PERCENT} %"


def reaches_goal(outcomes):
    return bool(outcomes) and 100 * (len(outcomes) - len(unnoticed(outcomes))) >= GOAL_PERCENT * len(outcomes)


def mutmut(*arguments):
    """Return what mutmut prints; leave with its last words where it cannot do its work."""
    # The copy stands deeper than the project, so it does not find the folder ../shared that REQUIRE_ALL asks for.
    environment = {name: value for name, value in os.environ.items() if name != "REQUIRE_ALL"}
    outcome = subprocess.run([MUTMUT, *arguments], env=environment, capture_output=True, text=True, check=False)
    if outcome.returncode:
        sys.exit(outcome.stdout[-3000:] + outcome.stderr[-3000:])
    return outcome.stdout.rstrip()


if __name__ == "__main__":
    main()
