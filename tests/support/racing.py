"""Sends forms to a served application from many places at the very same moment."""

from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from tests.support.browser import served
from tests.support.threads import at_once


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where it leads, and the page."""

    status: int
    location: str
    text: str


def raced(app, *forms):
    """Serve `app`, send all forms at once, each (client, path, fields), and return the answers in order."""
    with served(app) as site:
        return at_once(app, *[lambda form=form: posted(site, *form) for form in forms])


def posted(site, client, path, fields):
    """Send a form with the cookie of a client, on a connection of its own."""
    connection = HTTPConnection(urlsplit(site).netloc, timeout=60)
    try:
        connection.request("POST", path, urlencode(fields), {
            "Cookie": f"session={client.get_cookie('session').value}", "Origin": site,
            "Content-Type": "application/x-www-form-urlencoded",
        })  # fmt: skip
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers.get("Location", ""), answer.read().decode())
    finally:
        connection.close()
