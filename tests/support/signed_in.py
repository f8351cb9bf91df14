"""Signs an account in without its pages: what a browser holds after them is put into its cookie."""

import re
import time

from flask import url_for

from directory.extensions import db, writing
from directory.models import Account
from directory.services import sessions
from directory.web.access import TOKEN
from directory.web.requests import now
from tests.support.client import PageClient

#: What no form may be asked for.
SMUGGLED = {
    "role": "administrator", "roles": "administrator", "state": "approved", "status": "approved", "author_id": "1",
    "approved_at": "2026-01-01", "score": "100", "clinic_id": "1", "is_staff": "1",
}  # fmt: skip


def signed_in(app, account_id, *, has_second_factor=True, client_class=PageClient):
    """Return a client in which an account is signed in, with its second factor where nothing else is said."""
    with writing() as session:
        account = session.get(Account, account_id)
        account.tf_primary_method = "authenticator" if has_second_factor else None
        known_as = account.fs_uniquifier
        token = sessions.begin(session, account_id, browser="Firefox", at=now())
    db.session.remove()
    app.test_client_class = client_class
    client = app.test_client()
    with client.session_transaction() as cookie:
        # Flask-Security's pages ask who it is, and when they last proved it.
        cookie.update({TOKEN: token, "_user_id": known_as, "_fresh": True, "fs_paa": time.time()})
    return client


def sign_in_address(app):
    with app.test_request_context():
        return url_for("security.login")


def words(page):
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split()).replace(" ,", ",").replace(" .", ".")
