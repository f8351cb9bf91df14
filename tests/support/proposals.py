"""Suggests through the pages as a browser does: what a form shows is what is sent, with what a test changes."""

import re

from tests.support.answers import TODAY
from tests.support.review_forms import filled

#: What every suggestion says.
SAID = {
    "link": "https://clinic.example/contact", "seen_on": TODAY.isoformat(), "words": "Their page says so.",
    "tie": "none",
}  # fmt: skip
#: The least that is a clinic.
CLINIC = {"name": "Copper Snail Ketamine", "city": "Peoria", "state": "IL"}
PROPOSE = "/clinics/propose"
_SELECTED = re.compile(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_CHOSEN = re.compile(r'<option[^>]* selected value="([^"]*)"')


def suggest_at(clinic, kind):
    return f"/clinics/{clinic['public_id']}/suggest?kind={kind}"


def held(page):
    """Return what the form of a page would send if nothing were changed, its lists among it."""
    chosen = {name: (_CHOSEN.findall(options) or [""])[0] for name, options in _SELECTED.findall(page.text)}
    return filled(page) | chosen


def send(client, address, typed=None, *, page=None, **options):
    """Press the button of the form in `page`, by default as it is opened now, with `typed` in its fields."""
    page = page or client.get(address)
    return client.post(address, data=held(page) | (typed or {}), **options)


def handed_in(client, address, typed=None):
    """Suggest what is complete with SAID, and return the public id of the suggestion."""
    answer = send(client, address, SAID | (typed or {}))
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]
