"""Puts Flask-Security on the application as we want it: sessions alone sign in, and nothing leads away from here."""

from datetime import timedelta

from flask import Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import Security
from flask_security.utils import get_message
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from directory.config import Config
from directory.domain.access import Permission
from directory.domain.errors import Conflict
from directory.services.account_store import AccountStore
from directory.web import access, account_limits, account_mail, account_sessions, account_settings
from directory.web.account_forms import FORMS
from directory.web.account_passwords import Passwords
from directory.web.account_totp import Codes, RecoveryCodes
from directory.web.language import translated

_FOR_ALL = (
    "login",
    "logout",
    "register",
    "send_confirmation",
    "confirm_email",
    "forgot_password",
    "reset_password",
    "two_factor_token_validation",
    "mf_recovery",
    "change_email_confirm",
)
_FOR_ONE = (
    "verify",
    "change_password",
    "change_email",
    "two_factor_setup",
    "two_factor_setup_validate",
    "mf_recovery_codes",
)
#: Routes that Flask-Security makes in any case, and that we do not offer.
_NOT_OFFERED = ("two_factor_rescue", "tf_select")
#: Fields that Flask-Security would read where we offer none.
_UNASKED = {"next", "remember", "refresh_token"}


def init_app(app: Flask, config: Config) -> None:
    """Register the routes of accounts; after CSRF protection, permissions and limits, which are asked before them."""
    app.config.update(account_settings.settings(config))
    security = Security(
        **FORMS,
        mail_util_cls=account_mail.Outgoing,
        password_util_cls=Passwords,
        totp_cls=Codes,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )
    security.init_app(app, AccountStore())
    security.want_json(lambda _request: False)
    security.unauthn_handler(_sign_in_first)
    security.reauthn_handler(_ask_again)
    _leave_other_pages_alone(app, security)
    _sign_with_the_newest_key(security)
    access.declare(app, Permission.SIGN_IN, *_named(*_FOR_ALL, *_NOT_OFFERED))
    access.declare(app, Permission.OWN_ACCOUNT, *_named(*_FOR_ONE))
    for endpoint in _named(*_NOT_OFFERED):
        app.view_functions[endpoint] = _not_offered
    app.before_request_funcs.setdefault("security", []).extend(
        (_read_only_what_is_asked, _keep_signed_in, account_limits.hold)
    )
    app.error_handler_spec["security"][None][Conflict] = _too_late
    account_mail.init_app(app)
    account_sessions.init_app(app)


def _named(*names: str) -> list[str]:
    return [f"security.{name}" for name in names]


def _leave_other_pages_alone(app: Flask, security: Security) -> None:
    """Look nobody up on pages that are the same for everybody, let no token sign in, and set no second cookie."""
    security.principal.identity_loaders.clear()
    security.login_manager.request_loader(lambda _request: None)
    security.login_manager.session_protection = None  # it would put a hash of the visitor's address into the cookie
    processors = app.template_context_processors[None]
    processors[:] = [each for each in processors if each.__module__ != "flask_login.utils"]
    after = app.after_request_funcs[None]
    after[:] = [each for each in after if each != security.login_manager._update_remember_cookie]  # noqa: SLF001 - no other way


def _sign_with_the_newest_key(security: Security) -> None:
    """Put the newest secret key last: itsdangerous signs with the last, and Flask-Security puts the oldest there."""
    for serializer in (
        security.confirm_serializer,
        security.reset_serializer,
        security.change_email_serializer,
        security.tf_setup_serializer,
    ):
        serializer.secret_keys.reverse()


def _read_only_what_is_asked() -> None:
    """Hide from Flask-Security what no form of ours asks for: where to go on stands in the session alone."""
    if request.is_json:
        raise BadRequest
    request.args = ImmutableMultiDict()
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _UNASKED]
    request.form = ImmutableMultiDict(fields)


def _keep_signed_in() -> Response | None:
    """Lead whoever is signed in away from the page for the code: Flask-Security signs them out there, even on GET."""
    if request.endpoint == "security.two_factor_token_validation" and access.signed_in():
        return redirect(url_for("accounts.show"), 303)
    return None


def _not_offered(**_arguments: str) -> ResponseReturnValue:
    raise NotFound


def _sign_in_first(_mechanisms: list[str], headers: dict[str, str] | None = None) -> Response:  # noqa: ARG001 - theirs
    session.clear()
    return redirect(url_for("security.login"), 303)


def _ask_again(_within: timedelta, _grace: timedelta) -> Response:
    session[access.ONWARD] = {"endpoint": request.endpoint, "arguments": request.view_args or {}}
    flash(*get_message("REAUTHENTICATION_REQUIRED"))
    return redirect(url_for("security.verify"), 303)


def _too_late(error: Conflict) -> ResponseReturnValue:
    """Answer the slower of two who took an address or used a link at the same time; who registers learns nothing."""
    if request.endpoint == "security.register":
        flash(*get_message("CONFIRM_REGISTRATION", email=request.form.get("email", "")))
    else:
        flash(translated(error.sentence))
    return redirect(url_for("security.login"))
