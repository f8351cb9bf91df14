"""What each route asks of who opens it: declared beside the view, refused by default, held before the view runs."""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import SENTENCES, Actor, Permission, Refusal, reaches
from directory.domain.errors import Forbidden
from directory.domain.labels import N_
from directory.services import sessions
from directory.services.sessions import SignedIn
from directory.web.requests import now

#: Where the cookie keeps the token of account_session, and where a visitor wanted to go.
TOKEN, ONWARD = "account_session", "onward"
_DECLARED = "permissions"
_UNDECLARED = N_("Nobody has said who may open this page, so nobody may.")
_SECOND_FACTOR = N_("Set up your second step first: what moderators and administrators do takes more than a password.")

_log = structlog.get_logger("directory.access")
_View = TypeVar("_View", bound=Callable[..., Any])


def needs(
    permission: Permission, *, signed_out: Callable[..., ResponseReturnValue] | None = None
) -> Callable[[_View], _View]:
    """Declare what a view asks for. `signed_out` answers, with its arguments, a form of one whose session has ended."""

    def declare(view: _View) -> _View:
        view.permission = permission  # type: ignore[attr-defined]  # read by permission_of()
        view.signed_out = signed_out  # type: ignore[attr-defined]  # as above
        return view

    return declare


def init_app(app: Flask) -> None:
    """Hold every request to what its route declares."""
    app.extensions[_DECLARED] = {}
    app.before_request(_hold)
    app.after_request(_keep_private)
    app.jinja_env.globals |= {"signed_in": signed_in}


def declare(app: Flask, permission: Permission, *endpoints: str) -> None:
    """Declare what routes ask for whose views are a library's."""
    app.extensions[_DECLARED] |= dict.fromkeys(endpoints, permission)


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return what a route declares; None where nobody has."""
    declared: Permission | None = getattr(app.view_functions.get(endpoint), "permission", None)
    return declared or app.extensions[_DECLARED].get(endpoint)


def signed_in() -> SignedIn | None:
    """Return who is signed in; looked up once a request, and never on a page that everybody may read."""
    if "signed_in" not in g:
        token = session.get(TOKEN)
        g.signed_in = sessions.signed_in(token, at=now()) if isinstance(token, str) else None
        if g.signed_in is None and (token or "_user_id" in session):
            session.clear()
    found: SignedIn | None = g.signed_in
    return found


def me() -> Actor:
    """Return who acts; a route that declares anything but reading and signing in has one."""
    found = signed_in()
    if found is None:
        raise Forbidden(SENTENCES[Refusal.ROLE])
    return found.actor


def _hold() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # the router's own 404 and 405
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        raise Forbidden(_UNDECLARED)
    if permission is Permission.READ_PUBLISHED:
        return None
    found = signed_in()
    refused = reaches(found.actor if found else None, permission)
    return _refuse(refused, permission) if refused else None


def _refuse(refused: Refusal, permission: Permission) -> ResponseReturnValue:
    _log.info("refused", permission=permission, why=refused.value, endpoint=request.endpoint)
    if refused is Refusal.SIGN_IN:
        return _to_sign_in()
    if refused is Refusal.SECOND_FACTOR:
        flash(gettext(_SECOND_FACTOR))
        return redirect(url_for("security.two_factor_setup"), 303)
    raise Forbidden(SENTENCES[refused])


def _to_sign_in() -> ResponseReturnValue:
    signed_out = getattr(current_app.view_functions[request.endpoint or ""], "signed_out", None)
    if signed_out and request.method == "POST":
        answer: ResponseReturnValue = signed_out(**(request.view_args or {}))
        return answer
    if request.method == "GET":
        # A name and its arguments, never an address: what comes back from the cookie is built by url_for() alone.
        session[ONWARD] = {"endpoint": request.endpoint, "arguments": request.view_args or {}}
    return redirect(url_for("security.login"), 303)


def _keep_private(response: Response) -> Response:
    """Let nobody keep a page that is not for everybody, its errors included (design SECURITY, 55)."""
    if request.endpoint and permission_of(current_app, request.endpoint) is not Permission.READ_PUBLISHED:
        response.headers["Cache-Control"] = "no-store"
    return response
