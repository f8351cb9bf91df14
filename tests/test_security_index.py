"""Holds the list of what must be shown against the tests that show it, so that a missing one is seen."""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: Every row of the security design but passkeys, uploads, exports, the API's bodies and a fetcher, which come later.
DUE = set(range(1, 59)) - {10, 40, 42, 44, 45}


def test_every_row_that_is_due_has_a_test():
    assert set(rows_shown()) == DUE


@pytest.mark.parametrize("row", sorted(DUE))
def test_a_row_is_shown_by_a_test_that_exists(row):
    assert all(name.startswith("test_") for name in rows_shown()[row])


@cache
def rows_shown():
    found = {}
    for file in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for mark in getattr(node, "decorator_list", []):
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.security":
                    for number in mark.args:
                        found.setdefault(number.value, []).append(node.name)
    return found
