"""Skips what the machine cannot run, and fails instead where REQUIRE_ALL=1 says that nothing may be missing."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def missing(reason):
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"REQUIRE_ALL=1, and {reason}")
    pytest.skip(reason)


def shared(path):
    """Return a file of the shared folder beside the project; it is test input and never part of the product."""
    file = SHARED / path
    if not file.exists():
        missing(f"../shared/{path} is not here")
    return file
