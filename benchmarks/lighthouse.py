"""Has Lighthouse judge the home page, a page of results and a clinic's as a phone on a slow line: `make lighthouse`.

Prints four figures of 100 for each page and what keeps one below its goal, and exits 1 where one is. Needs node and a
Chromium; `npx` fetches Lighthouse itself the first time.
"""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from directory.models.base import now
from directory.services import demo
from directory.services.clinics import record
from directory.services.demo_reviews import tell
from tests.conftest import ready_app
from tests.support import browser
from tests.support.pages import PAGES

LIGHTHOUSE = "lighthouse@12"
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
_PAGES = {"home": PAGES["home"], "results": "/search?near=90012&radius=25", "clinic": PAGES["clinic-1"]}
_CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_FLAGS = "--headless --no-sandbox --disable-gpu"
_PATIENCE_SECONDS = 300


def main() -> None:
    """Judge the pages, print the figures, and exit 1 where one misses its goal."""
    npx, chromium = shutil.which("npx"), next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    if npx is None or chromium is None:
        sys.exit("Lighthouse needs node (its command `npx`) and Chromium. Install both, then run this again.")
    logging.disable(logging.CRITICAL)
    print(f"{'page':10}" + "".join(f"{name:>16}" for name in GOALS))
    missed = False
    with _demonstration() as site:
        for name, path in _PAGES.items():
            report = _judged([npx, "--yes", LIGHTHOUSE], f"{site}{path}", chromium)
            figures = {each: round(100 * report["categories"][each]["score"]) for each in GOALS}
            print(f"{name:10}" + "".join(f"{figure:16}" for figure in figures.values()))
            below = [each for each, figure in figures.items() if figure < GOALS[each]]
            for each in below:
                print(*(f"{'':10}{each}: {reason}" for reason in _reasons(report, each)), sep="\n")
            missed |= bool(below)
    sys.exit(1 if missed else 0)


@contextmanager
def _demonstration() -> Iterator[str]:
    """Yield the address of the demonstration, with the reviews of one metropolis."""
    with tempfile.TemporaryDirectory() as folder:
        for app in ready_app(f"sqlite:///{folder}/demo.sqlite3", Path(folder), DEMO="1"):
            listings, heroes = demo.listings(), demo.heroes()
            told = {each.public_id for each in listings if each.source_key.startswith("CA Los Angeles ")}
            with app.app_context():
                record(listings)
                tell({key: hero for key, hero in heroes.items() if key in told}, today=now().date())
            with browser.served(app) as site:
                yield site


def _judged(command: list[str], address: str, chromium: str) -> Any:
    wanted = ["--output=json", "--quiet", f"--chrome-flags={_FLAGS}", f"--only-categories={','.join(GOALS)}"]
    done = subprocess.run(
        [*command, address, *wanted], env={**os.environ, "CHROME_PATH": chromium}, timeout=_PATIENCE_SECONDS,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"Lighthouse stopped at {address}:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def _reasons(report: Any, category: str) -> Iterator[str]:
    weighed = [each["id"] for each in report["categories"][category]["auditRefs"] if each["weight"]]
    audits = [report["audits"][each] for each in weighed]
    for audit in audits:
        if audit["score"] is not None and audit["score"] < 1:
            yield f"{audit['title']} {audit.get('displayValue', '')}".rstrip()


if __name__ == "__main__":
    main()
