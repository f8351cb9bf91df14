"""Prints the targets of the nearby search as ratios, marks a miss, and says on what machine: `make bench`.

Medians of one run, each beside the yardstick it is held against, because machines differ:
T is the results page with 20 fixed rows and no database; S is a bare scan of the covering index over the same ranges
of cells, which reads point and facets of each clinic and does nothing with them, through the raw driver.
"""

import argparse
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import hostile, log, logins, names, nearby, queue
from benchmarks.report import Report
from benchmarks.world import filled
from tests.support import postgres


def main() -> None:
    """Measure what the arguments ask for, print the table, and exit 1 when a target was missed."""
    arguments = _arguments()
    logging.disable(logging.CRITICAL)
    report = Report()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}\n")
    for engine, size in _runs(arguments):
        with _database(engine) as (url, folder), filled(url, size, folder) as app:
            report.begin(engine, size)
            nearby.measure(app, report, exact_queries=arguments.exact)
            logins.measure(app, report)
            log.measure(app, report)
            queue.measure(app, report)
            names.measure(app, report)
    report.begin("no database", 0)
    hostile.measure(report)
    report.compare()
    sys.exit(1 if report.missed else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sqlite", type=int, nargs="*", default=[1_000, 100_000, 1_000_000], help="sizes on SQLite")
    parser.add_argument("--postgresql", type=int, nargs="*", default=[100_000], help="sizes on PostgreSQL")
    parser.add_argument("--exact", type=int, default=500, help="random world queries held against brute force")
    return parser.parse_args()


def _runs(arguments: argparse.Namespace) -> Iterator[tuple[str, int]]:
    yield from (("sqlite", size) for size in arguments.sqlite)
    yield from (("postgresql", size) for size in arguments.postgresql)


@contextmanager
def _database(engine: str) -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/bench.sqlite3", Path(folder)
        else:
            with postgres.server() as address:
                yield f"{address}/postgres", Path(folder)


if __name__ == "__main__":
    main()
