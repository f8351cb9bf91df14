"""Makes accounts and signs them in, by the pages that a person uses; a test states only what it is about."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app
from flask_security import hash_password
from passlib.totp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory.domain.access import Role
from directory.extensions import db, reading
from directory.models import Account, AccountRole, OutboxMail
from directory.models.base import now
from tests.support.client import Page, PageClient

PASSWORD = "seven green otters"  # noqa: S105 - of accounts that only tests have
ANNA, BEN = "anna@example.org", "ben@example.org"
SIGN_IN, REGISTER, RESET = "/account/sign-in", "/account/register", "/account/reset"
_STEP_SECONDS = 30


@dataclass
class Person:
    """An account with what its owner knows."""

    email: str
    password: str = PASSWORD
    secret: str | None = None

    @property
    def account(self):
        """The account as it is stored now."""
        return stored(self.email)

    @property
    def id(self):
        return self.account.id

    def code(self, *, steps=0):
        """Return the code of so many steps from now."""
        totp = TOTP(key=self.secret)
        return totp.generate(totp.now() + steps * _STEP_SECONDS).token


def hash_cheaply(app):
    """Take the least work that Argon2 allows for passwords; what the product takes is a setting of its own."""
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)


def stored(email):
    """Return the account with exactly this address, or None."""
    with reading() as session:
        return session.scalar(select(Account).where(Account.email == email).options(selectinload(Account.roles)))


def person(email=ANNA, *, role=None, has_second_factor=None, confirmed=True, active=True):
    """Return somebody with an account; who has a role has a second factor as well where nothing is said."""
    secret = None
    account = Account(
        email=email,
        password=hash_password(PASSWORD),
        confirmed_at=now() if confirmed else None,
        active=active,
        roles=[AccountRole(name=Role(role))] if role else [],
    )
    if role is not None if has_second_factor is None else has_second_factor:
        secret = _with_secret(account)
    db.session.add(account)
    db.session.commit()
    return Person(email, PASSWORD, secret)


def _with_secret(account):
    factory = current_app.extensions["security"].totp_factory
    account.tf_primary_method = "authenticator"
    account.tf_totp_secret = factory.generate_totp_secret()
    return factory.get_totp_b32_key(account.tf_totp_secret)


def let_go(app):
    """Close the connections of an application that a test made for itself."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def fields(page):
    """Return the csrf_token of a page, as the fields of a form that is sent from it."""
    tokens = [tag["value"] for tag in Page(page.text).all("input") if tag.get("name") == "csrf_token"]
    return {"csrf_token": tokens[0]}


def post(client, path, data=None, *, page=None, **options):
    """Send a form as its page would: the token is taken from `page`, where it is another than `path`."""
    return client.post(path, data=fields(client.get(page or path, **options)) | (data or {}), **options)


def register(client, email=ANNA, password=PASSWORD):
    return post(client, REGISTER, {"email": email, "password": password})


def mails(recipient=None):
    """Return the mails that wait, in order: to `recipient` where one is named."""
    with reading() as session:
        found = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    return [mail for mail in found if recipient in (None, mail.recipient)]


def link(recipient, kind=None):
    """Return path and query of the first link in the newest mail to `recipient`."""
    mail = [mail for mail in mails(recipient) if kind in (None, mail.kind)][-1]
    address = urlsplit(re.search(r"https?://\S+", mail.body)[0])
    return address.path + (f"?{address.query}" if address.query else "")


def sign_in(client, who, **options):
    """Sign somebody in, with their second factor where they have one, and return the last answer."""
    answer = post(client, SIGN_IN, {"email": who.email, "password": who.password}, **options)
    if who.secret and answer.location:
        return post(client, "/account/code", {"code": who.code()}, **options)
    return answer


def visitor(app):
    """Return a client of nobody's, with a cookie jar of its own."""
    app.test_client_class = PageClient
    return app.test_client()


def signed_in_client(app, who=None):
    """Return a client in which somebody, or a new reviewer, is signed in."""
    client = visitor(app)
    answer = sign_in(client, who or person())
    assert urlsplit(answer.location or "").path == "/account/onward", answer.text
    return client


def enrol(client, who):
    """Set a second factor up, and return the last answer; `who` knows the secret afterwards."""
    page = post(client, "/account/second-step", {"setup": "authenticator"})
    who.secret = re.search(r'class="totp-key">([^<]+)<', page.text)[1].replace("-", "")
    action = next(form["action"] for form in Page(page.text).all("form") if "/second-step/" in form["action"])
    return client.post(action, data=fields(page) | {"code": who.code()})
