"""What follows from what Flask-Security did: browsers that are signed in and out, mail, lines in the log."""

from typing import Any

import structlog
from flask import Flask, g, got_request_exception, request, session
from flask_babel import get_locale
from flask_login import user_logged_out
from flask_security import (
    change_email_confirmed,
    password_changed,
    password_reset,
    tf_profile_changed,
    user_authenticated,
    user_confirmed,
    user_registered,
)
from flask_security.signals import tf_disabled

from directory.domain.browsers import browser_name
from directory.domain.labels import N_
from directory.extensions import db
from directory.services import sessions
from directory.services.account_store import AccountStore
from directory.web import account_mail
from directory.web.access import ONWARD, TOKEN, signed_in
from directory.web.requests import now

_log = structlog.get_logger("directory.accounts")
#: What of a session outlives signing in: who it is, since when, and where they wanted to go.
_KEPT = ("_user_id", "_fresh", "fs_paa", ONWARD)


def init_app(app: Flask) -> None:
    """Listen to Flask-Security and Flask-Login."""
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)
    user_registered.connect(_registered, app)
    user_confirmed.connect(_confirmed, app)
    password_changed.connect(_password_changed, app)
    password_reset.connect(_password_reset, app)
    change_email_confirmed.connect(_email_changed, app)
    tf_profile_changed.connect(_second_step_on, app)
    tf_disabled.connect(_second_step_off, app)
    got_request_exception.connect(_take_back, app)


def _begin(_app: Flask, user: Any, **_more: Any) -> None:
    """Begin a session that has nothing of the one before but what is named, its CSRF token included."""
    kept = {key: session[key] for key in _KEPT if key in session}
    session.clear()
    session.update(kept)
    for cached in ("csrf_token", "signed_in"):
        g.pop(cached, None)
    browser = browser_name(request.user_agent.string)
    session[TOKEN] = sessions.begin(db.session(), user.id, browser=browser, at=now(), language=get_locale().language)
    _log.info("signed_in", account=user.public_id)


def _end(_app: Flask, **_more: Any) -> None:
    """End the session of this browser for good: a copy of its cookie opens nothing."""
    onward = session.get(ONWARD) if TOKEN not in session else None
    if found := signed_in():
        sessions.end(found.session_id, account_id=found.actor.account_id, at=now())
        _log.info("session_ended", session=found.session_id)
    session.clear()
    if onward:
        session[ONWARD] = onward
    g.signed_in = None


def _registered(_app: Flask, user: Any, **_more: Any) -> None:
    user.language = get_locale().language
    _log.info("registered", account=user.public_id)


def _confirmed(_app: Flask, user: Any, **_more: Any) -> None:
    _log.info("email_confirmed", account=user.public_id)


def _password_changed(_app: Flask, user: Any, **_more: Any) -> None:
    _end_others(user)
    _log.info("password_changed", account=user.public_id)


def _password_reset(_app: Flask, user: Any, **_more: Any) -> None:
    sessions.end_all(db.session(), user.id, at=now())
    _log.info("password_reset", account=user.public_id)


def _email_changed(_app: Flask, user: Any, old_email: str, **_more: Any) -> None:
    is_here = session.get("_user_id") == user.fs_uniquifier
    # Links that were mailed to the old address must not work any more.
    AccountStore().set_uniquifier(user)
    if is_here:
        session["_user_id"] = user.fs_uniquifier
    _end_others(user)
    account_mail.post(account_mail.notice("email_changed", old_email, N_("Your e-mail address was changed")))
    _log.info("email_changed", account=user.public_id)


def _second_step_on(_app: Flask, user: Any, **_more: Any) -> None:
    _end_others(user)
    account_mail.post(account_mail.notice("second_step_on", user.email, N_("Your second step was set up")))
    _log.info("second_step_on", account=user.public_id)


def _second_step_off(_app: Flask, user: Any, **_more: Any) -> None:
    user.mf_recovery_codes = None
    _end_others(user)
    account_mail.post(account_mail.notice("second_step_off", user.email, N_("Your second step was turned off")))
    _log.info("second_step_off", account=user.public_id)


def _end_others(user: Any) -> None:
    own = session.get(TOKEN) if session.get("_user_id") == user.fs_uniquifier else None
    sessions.end_all(db.session(), user.id, at=now(), but=own)


def _take_back(_app: Flask, **_more: Any) -> None:
    """Write nothing of a request that failed: Flask-Security's commit runs after the error page as well."""
    db.session.rollback()
