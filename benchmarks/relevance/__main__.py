"""Prints how well the search box understands two hundred queries, and every one that it did not: `make relevance`."""

import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.relevance import Judged, judge, load
from directory import create_app

LEAST_RECALL, LEAST_FIRST = 0.95, 0.90


def main() -> None:
    """Print the figures of each kind and of all, then the misses, and exit 1 below the thresholds."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"DATABASE_URL": f"sqlite:///{folder}/relevance.sqlite3"}, instance_path=Path(folder))
        for command in (["db", "upgrade"], ["places", "load"]):
            outcome = app.test_cli_runner().invoke(args=command)
            assert outcome.exit_code == 0, outcome.output
        with app.app_context():
            load()
            judged = judge(app.extensions["geocoder"])
    for kind in dict.fromkeys(each.kind for each in judged):
        _print(kind, [each for each in judged if each.kind == kind])
    recall, first = _print("all", judged)
    _print_misses(judged)
    sys.exit(recall < LEAST_RECALL or first < LEAST_FIRST)


def _print(kind: str, judged: Sequence[Judged]) -> tuple[float, float]:
    recall = sum(each.recall for each in judged) / len(judged)
    right = sum(each.is_first_right for each in judged)
    whole = sum(each.found == each.findable for each in judged)
    print(
        f"{kind:<13} {len(judged):>4} queries   recall@10 {recall:.3f} ({whole} whole)"
        f"   first hit right {right / len(judged):.3f} ({right})"
    )
    return recall, right / len(judged)


def _print_misses(judged: Sequence[Judged]) -> None:
    for each in judged:
        if not each.is_first_right or each.found < each.findable:
            print(f"\n{each.kind}: {each.query}\n  wanted {each.expected}, found {each.found} of {each.findable}")
            for answer in each.answer[:3]:
                print(f"    {answer}")


if __name__ == "__main__":
    main()
