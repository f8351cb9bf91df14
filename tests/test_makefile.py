import re
import subprocess

import pytest

from directory import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()
PROMISED = {"run", "test", "check", "format", "lock", "bench", "mutate", "pictures", "translations", "clean"}


def test_make_alone_lists_every_target_with_what_it_does():
    lines = make().stdout.splitlines()

    assert [line.split()[1] for line in lines] == TARGETS
    assert all(len(line.split()) > 3 for line in lines)
    assert set(TARGETS) >= PROMISED


@pytest.mark.parametrize("target", ["run", "test"])
def test_an_older_python_is_told_of_in_one_sentence(target, tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for name in ("Makefile", "requirements-dev.lock"):
        (tmp_path / name).write_text((ROOT / name).read_text())

    outcome = make(target, f"PYTHON={old}", folder=tmp_path)

    assert outcome.returncode != 0
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("Python 3.11 or newer is needed. Install it, or name one:")
    assert not (tmp_path / ".venv").exists()


def make(*arguments, folder=ROOT):
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=folder, env={"PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
