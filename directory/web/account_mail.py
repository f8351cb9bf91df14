"""The mail about an account: put into the outbox in the transaction it tells of; its links begin with BASE_URL."""

from datetime import timedelta
from pathlib import PurePath
from typing import Any

from flask import Flask, Response, after_this_request, current_app, render_template, url_for
from flask_babel import gettext
from flask_security import MailUtil

from directory.domain.mail import Mail, host_of
from directory.extensions import db
from directory.services import outbox
from directory.web import account_settings
from directory.web.requests import now

#: How long the link in a mail works.
_LASTING = {
    "welcome": account_settings.CONFIRM_WITHIN,
    "confirm": account_settings.CONFIRM_WITHIN,
    "reset": account_settings.RESET_WITHIN,
    "change_email": account_settings.CHANGE_EMAIL_WITHIN,
}


def init_app(app: Flask) -> None:
    """Let the templates of mail build whole addresses."""
    app.jinja_env.globals |= {"whole_url": whole_url}


def whole_url(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page under BASE_URL, whatever name this request came under."""
    return f"{current_app.config['BASE_URL']}{url_for(endpoint, **values)}"


def notice(kind: str, recipient: str, subject: str, **context: Any) -> Mail:
    """Return a mail written by templates/accounts/mail/<kind>.txt."""
    return _mail(kind, recipient, gettext(subject), render_template(f"accounts/mail/{kind}.txt", **context))


def post(mail: Mail) -> None:
    """Put a mail into this request's transaction, and commit that when the request is done."""
    outbox.post(db.session(), mail, at=now())
    after_this_request(_commit)


class Outgoing(MailUtil):
    """Takes Flask-Security's mail to the outbox."""

    def send_mail(self, template: str, subject: str, recipient: Any, *_sender_and_bodies: Any, **_context: Any) -> None:
        """Put one mail into the outbox; `_sender_and_bodies` are the sender, the text, and no HTML."""
        post(_mail(PurePath(template).name, str(recipient), str(subject), _sender_and_bodies[1]))


def _mail(kind: str, recipient: str, subject: str, body: str) -> Mail:
    lasts: timedelta | None = _LASTING.get(kind)
    return Mail(
        kind=kind,
        recipient=recipient,
        subject=subject,
        body=body,
        host=host_of(current_app.config["BASE_URL"]),
        expires_at=now() + lasts if lasts else None,
    )


def _commit(response: Response) -> Response:
    db.session.commit()
    return response
