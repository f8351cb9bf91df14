"""Chromium on a server of our own: what a person sees, in both themes, with and without JavaScript."""

import os
import shutil
from contextlib import contextmanager
from threading import Thread

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.support.required import missing
from tests.support.whole import slowly, whole

# Chromium's own requests to its maker would be refused here many at a time, and are none of a seeker's.
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: The shell first: the same engine without a browser's own windows, which take a processor's time.
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
_COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
#: Of the dark theme only the colors are new: the elements are those of the light one at that size.
LOOKS = (("light", PHONE, {}), ("dark", PHONE, _COLORS), ("dark", DESK, _COLORS), ("light", DESK, {}))
#: What axe found and nothing else: the list of what passed is long, and takes longer to hand over than to make.
_FOUND = """options => axe.run({...options, resultTypes: ["violations"]}).then(
  found => found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)]))"""


@contextmanager
def chromium():
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        missing("no Chromium is installed (Debian's package `chromium-headless-shell`)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(app):
    """Yield the address of `app` on a free port, where SLOW=1 of one whose every answer halts."""
    answers = slowly(whole(app)) if os.environ.get("SLOW") == "1" else whole(app)
    server = make_server("127.0.0.1", 0, answers, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def search(page, place):
    """Type a place and search for it by the button, which the suggestions cover until the box is left."""
    box = page.get_by_label("ZIP, city or address")
    box.fill(place)
    box.press("Tab")
    page.get_by_role("main").get_by_role("button", name="Search").click()


@contextmanager
def opened(browser, *, size=DESK, theme="light", script=True, **options):
    """Yield a page of its own context; a request to another host than ours fails the test."""
    context = browser.new_context(viewport=size, color_scheme=theme, java_script_enabled=script, **options)
    page = context.new_page()
    page.requested = []
    page.on("request", lambda request: page.requested.append(request.url))
    try:
        yield page
    finally:
        context.close()


def violations(page, looks=LOOKS):
    """Return what axe finds on a page, opened with reduced motion, in each look; leave it in the last of them."""
    found = []
    for theme, size, options in looks:
        look_at(page, theme, size)
        found += [(theme, size["width"], *rule) for rule in broken(page, options)]
    return found


def look_at(page, theme, size):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme)


def broken(page, options=None):
    """Return each rule of axe that the page breaks as it stands, with the elements that break it."""
    page.wait_for_load_state()  # a click waits for the next page to begin
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(_FOUND, options or {})


def does_not_fit(page):
    """Return where a page scrolls sideways: on a small telephone, on a usual one, and with text of twice the size."""
    found = scrolls_sideways(page, [320, 390])
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    if scrolls_sideways(page, [PHONE["width"]]):
        found.append("text of twice the size")
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def scrolls_sideways(page, widths):
    """Return the widths in pixels at which a page is wider than its window; leave it at the last of them."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    return found


def enter(page, site, client):
    """Give the page's browser the session of a client."""
    (found,) = [each for each in client._cookies.values() if "session" in each.key]
    page.context.clear_cookies()
    page.context.add_cookies([{"name": found.key, "value": found.value, "url": site}])
