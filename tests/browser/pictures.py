"""Makes a picture of every page in every state, in both languages, sizes and themes, and has axe look at each.

Run as `make pictures`; they come into pictures/ (ignored by git), a folder for each look. The tests hold the same
pages to account in fewer looks; this shows all of them to people, and ends with 1 where axe finds something, a page
scrolls sideways or a route has no picture.
"""

import logging
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree

import pytest
from flask import request
from playwright.sync_api import expect

from tests.conftest import emptied_after, ready_app
from tests.support import browser
from tests.support.demonstration import tell_some
from tests.support.pages import ADDRESSES, OPENED
from tests.support.walks import LANGUAGES, WALKS, Visit

FOLDER = Path("pictures")
#: The looks in the order in which they change least.
LOOKS = [(f"{size['width']}-{theme}", theme, size, options) for theme, size, options in browser.LOOKS]
#: Milliseconds for a picture: the checklist unfolded is long, and this machine may be busy.
_LONG = 120_000
#: What shows nothing to a person, leads on at once, or asks for what nobody here is given.
NOT_SHOWN = re.compile(
    r"static$|^api|^operations|state$|search\.icon$|onward$|after_second_step$|confirm_email$|change_email_confirm$"
    r"|two_factor_rescue$|tf_select$"
)


@dataclass
class Seen:
    """What there is to say of the pictures in one language."""

    language: str
    looks: Counter = field(default_factory=Counter)
    faults: list = field(default_factory=list)
    shown: set = field(default_factory=set)
    missing: set = field(default_factory=set)

    def look_at(self, page, name, looks=LOOKS):
        """Have axe look at what the window shows, see whether it fits, and take its picture in each look."""
        for look, theme, size, options in looks:
            browser.look_at(page, theme, size)
            show_map(page, asked=name.endswith("opened"))
            self.faults += [
                f"{self.language} {look} {name}: axe {rule}: {html[0]}" for rule, html in browser.broken(page, options)
            ]
            page.screenshot(path=self.path(look, name), full_page=True, timeout=_LONG)
            self.looks[look] += 1
        for width in browser.does_not_fit(page):
            self.faults.append(f"{self.language} {name}: wider than the window at {width}")

    def path(self, look, name):
        folder = FOLDER / self.language / look
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}.png"


def main():
    began = time.monotonic()
    rmtree(FOLDER, ignore_errors=True)
    with ProcessPoolExecutor(len(LANGUAGES), mp_context=get_context("spawn")) as pool:
        all_seen = list(pool.map(photograph, LANGUAGES))
    faults = [fault for seen in all_seen for fault in seen.faults]
    missing = sorted(all_seen[0].missing - set.union(*(seen.shown for seen in all_seen)))
    faults += [f"no picture of {endpoint}" for endpoint in missing]
    for seen in all_seen:
        for look, number in sorted(seen.looks.items()):
            say(f"{number} pages and states in {FOLDER}/{seen.language}/{look}/")
    number = sum(seen.looks.total() for seen in all_seen)
    violations = sum(" axe " in fault for fault in faults)
    minutes = (time.monotonic() - began) / 60
    say(f"{number} looks in {minutes:.1f} min; violations by axe: {violations}, others: {len(faults) - violations}")
    say(*faults)
    return bool(faults)


def photograph(language):
    logging.disable(logging.CRITICAL)
    seen = Seen(language)
    with browser.chromium() as chromium:
        of_the_public(chromium, seen)
        of_ones_own(chromium, seen)
    return seen


def of_the_public(chromium, seen):
    with tempfile.TemporaryDirectory() as folder:
        for app in ready_app(f"sqlite:///{folder}/demo.sqlite3", folder, DEMO="1"):
            tell_some(app)
            noted(app, seen)
            with browser.served(app) as root, browser.opened(chromium, reduced_motion="reduce") as page:
                site = root if seen.language == "en" else f"{root}/{seen.language}"
                for name, path in ADDRESSES.items():
                    page.goto(site + path)
                    seen.look_at(page, name)
                for name in OPENED:
                    unfolded(page, site, seen, name)
                say(f"{seen.language}: {len(ADDRESSES)} addresses of everybody's")
                without_script(chromium, site, seen)


def unfolded(page, site, seen, name):
    """Show what a tap unfolds: every fold, and the map; a desk has a part of it open by itself."""
    for looks in (LOOKS[:2], LOOKS[2:]):
        browser.look_at(page, *looks[0][1:3])
        page.goto(site + ADDRESSES[name])
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        seen.look_at(page, f"{name}-opened", looks)


def without_script(chromium, site, seen):
    with browser.opened(chromium, size=browser.PHONE, script=False) as page:
        for name, path in ADDRESSES.items():
            page.goto(site + path)
            page.screenshot(path=seen.path("390-light-no-script", name), full_page=True)


def of_ones_own(chromium, seen):
    with tempfile.TemporaryDirectory() as folder:
        for app in ready_app(f"sqlite:///{folder}/own.sqlite3", folder):
            noted(app, seen)
            for walk in WALKS:
                with (
                    emptied_after(app),
                    pytest.MonkeyPatch.context() as patch,
                    browser.served(app) as root,
                    browser.opened(chromium, reduced_motion="reduce") as page,
                ):
                    for name in walk(Visit(page, root, app, patch, seen.language)):
                        seen.look_at(page, f"{walk.__name__}-{name}")
                say(f"{seen.language}: {walk.__name__}, {seen.looks.total()} looks so far")


def noted(app, seen):
    """Note which routes a page is shown for, and which there are."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    seen.missing |= {endpoint for endpoint in routes if not NOT_SHOWN.search(endpoint)}
    app.before_request(lambda: seen.shown.add(request.endpoint))


def show_map(page, *, asked):
    """Wait until the map is drawn, where there is one and a script: on a phone only once it is asked for."""
    drawn, offer = page.locator("#map.is-drawn"), page.locator("#map .map-offer")
    if asked and offer.is_visible():
        offer.click()
    elif not page.locator("#map .map-chart").is_visible():
        return
    expect(drawn).to_be_visible()


def say(*lines):
    print(*lines, sep="\n", flush=True)  # noqa: T201 - the script's whole output


if __name__ == "__main__":
    sys.exit(main())
