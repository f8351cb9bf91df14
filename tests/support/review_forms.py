"""Fills the form of a review in as a browser does: what a page shows is what is sent, with what a test changes."""

import html
import re

from tests.support.answers import TODAY
from tests.support.client import Page
from tests.support.reviews import SITE

#: The least that can be handed in: a tie and one answer with its evidence.
LEAST = {
    "tie": "none",
    "at_home_use_offered-value": "yes",
    "at_home_use_offered-link": f"{SITE}/faq",
    "at_home_use_offered-quote": "We mail it to you.",
    "at_home_use_offered-seen": TODAY.isoformat(),
}
ORIGIN = {"Origin": "http://localhost"}
_TEXTAREA = re.compile(r"<textarea([^>]*)>(.*?)</textarea>", re.DOTALL)


def address(clinic):
    return f"/clinics/{clinic['public_id']}/review"


def filled(page):
    """Return what the form of a page would send if nothing were changed, without the name of its button."""
    inputs = [tag for tag in Page(page.text).all("input") if "name" in tag]
    sent = {tag["name"]: tag.get("value", "") for tag in inputs if is_sent(tag)}
    for attributes, text in _TEXTAREA.findall(page.text):
        # A browser drops the first line end of a text area.
        sent[re.search('name="([^"]+)"', attributes)[1]] = html.unescape(text).removeprefix("\r").removeprefix("\n")
    return sent


def is_sent(tag):
    return tag.get("type") not in {"radio", "checkbox"} or "checked" in tag


def send(client, clinic, typed=None, *, act="save", page=None, **options):
    """Press a button of the form in `page`, by default as it is opened now, with `typed` in its fields."""
    page = page or client.get(address(clinic))
    return client.post(address(clinic), data=filled(page) | (typed or {}) | {"do": act}, **options)


def typed_in(page):
    """Return the fields of the form that hold something, without those that no person sees."""
    unseen = {"csrf_token", "key", "version", "checklist"}
    return {name: text for name, text in filled(page).items() if text and name not in unseen}
