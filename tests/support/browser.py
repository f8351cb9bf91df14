"""Chromium on a server of our own: what a person sees, in both themes, with and without JavaScript."""

import shutil
from contextlib import contextmanager
from threading import Thread

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.support.required import missing

# Chromium's own requests to its maker would be refused here many at a time, and are none of a seeker's.
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@contextmanager
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        missing("no Chromium is installed (Debian's package `chromium`)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(app):
    """Yield the address of `app` on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


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
