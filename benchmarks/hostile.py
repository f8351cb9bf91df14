"""Measures hostile input: an overlong query, and every regular expression of the product on its worst."""

import ast
import importlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import directory
from benchmarks.report import Report, milliseconds
from directory import create_app

#: What makes a careless expression go back and forth: runs of letters, marks or spaces, with a bad end.
_WORST = (
    "a",
    "1",
    " ",
    "-",
    ".",
    "@",
    "a@",
    "a.",
    "0,",
    "st.",
    "?",
    "'",
    "\u0301",
    ",",
    '"',
    "sep=",
    "1 ",
    "°",
    "1°1'",
    "n1",
    ", us",
    "63101 ",
)
_SMALL, _LARGE = 25_000, 50_000
_LINEAR = 3.0  # twice the text may take twice the time, and some noise
_MEASURABLE_MS = 0.5
_USES = {"search", "sub", "match", "fullmatch", "split", "findall", "finditer"}


def measure(report: Report) -> None:
    """Print the time of an overlong query, and how the slowest expression grows from 25 kB to 50 kB."""
    with tempfile.TemporaryDirectory() as folder:
        client = create_app(
            {"DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3"}, instance_path=Path(folder)
        ).test_client()
        time = milliseconds(lambda _: client.get("/search?near=" + "x" * 8200), range(50))
    report.plain("an overlong query is refused in", f"{time:8.3f} ms")
    found = list(expressions())
    report.plain("regular expressions measured as they are used", f"{len(found):8}")
    growth, name = max((_growth(pattern, use), name) for name, pattern, use in found)
    report.ratio(f"slowest growth, 25 kB to 50 kB: {name}", growth, unit="×", goal=_LINEAR)


def expressions() -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Yield every expression of the product: where it stands, its pattern, and the method by which it is used."""
    for file in sorted(Path(directory.__path__[0]).rglob("*.py")):
        module = ".".join(("directory", *file.relative_to(directory.__path__[0]).with_suffix("").parts))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _USES:
                pattern = _pattern(node, node.func, module)
                if pattern is not None:
                    yield f"{module}:{node.lineno}", pattern, node.func.attr


def _pattern(call: ast.Call, use: ast.Attribute, module: str) -> re.Pattern[str] | None:
    if not isinstance(use.value, ast.Name):
        return None
    if use.value.id == "re" and isinstance(call.args[0], ast.Constant):
        return re.compile(str(call.args[0].value))
    named = getattr(importlib.import_module(module), use.value.id, None)
    return named if isinstance(named, re.Pattern) and isinstance(named.pattern, str) else None


def _growth(pattern: re.Pattern[str], use: str) -> float:
    return max(
        _time(pattern, use, bait, _LARGE) / max(_time(pattern, use, bait, _SMALL), _MEASURABLE_MS) for bait in _WORST
    )


def _time(pattern: re.Pattern[str], use: str, bait: str, length: int) -> float:
    text = (bait * length)[:length] + "\x00"
    arguments = ("", text) if use == "sub" else (text,)
    return milliseconds(
        lambda _: (
            list(getattr(pattern, use)(*arguments) or ()) if use == "finditer" else getattr(pattern, use)(*arguments)
        ),
        range(5),
    )
