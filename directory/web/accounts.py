"""One's own account: the address, the second step, and the browsers that are signed in."""

from datetime import datetime

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.routing import BuildError

from directory.config import Config
from directory.domain.access import Permission, reaches
from directory.domain.labels import N_
from directory.extensions import writing
from directory.services import sessions
from directory.services.sessions import SignedIn
from directory.web import account_security
from directory.web.access import ONWARD, me, needs, permission_of, signed_in
from directory.web.requests import now

blueprint = Blueprint("accounts", __name__, url_prefix="/account")
_OWN_PAGES = (
    ("reviews.mine", N_("Reviews")),
    ("suggestions.mine", N_("Suggestions")),
    ("moderation.queue", N_("To decide")),
    ("accounts.show", N_("Account")),
)


def init_app(app: Flask, config: Config) -> None:
    """Register the pages of accounts, ours and Flask-Security's."""
    app.register_blueprint(blueprint)
    account_security.init_app(app, config)
    app.jinja_env.globals |= {"own_pages": own_pages}


def own_pages(who: SignedIn) -> list[tuple[str, str]]:
    """Return endpoint and label of the pages that somebody has to themselves, or by their role."""
    return [
        (endpoint, gettext(label))
        for endpoint, label in _OWN_PAGES
        if (permission := permission_of(current_app, endpoint)) and reaches(who.actor, permission) is None
    ]


@blueprint.get("")
@needs(Permission.OWN_ACCOUNT)
def show() -> str:
    """Show one's own account."""
    who = signed_in()
    browsers = sessions.of_account(me().account_id, at=now())
    return render_template("accounts/show.html", who=who, browsers=browsers)


@blueprint.get("/onward")
@needs(Permission.OWN_ACCOUNT)
def onward() -> ResponseReturnValue:
    """Go on to where somebody wanted to go before they signed in; home to their account where that is nowhere."""
    wanted = session.pop(ONWARD, None) or {"endpoint": "accounts.show", "arguments": {}}
    try:
        return redirect(url_for(wanted["endpoint"], **wanted["arguments"]), 303)
    except BuildError:
        return redirect(url_for("accounts.show"), 303)


@blueprint.get("/after-second-step")
@needs(Permission.OWN_ACCOUNT)
def after_second_step() -> ResponseReturnValue:
    """Go on to the recovery codes where the second step is on."""
    endpoint = "security.mf_recovery_codes" if me().has_second_factor else "accounts.show"
    return redirect(url_for(endpoint), 303)


@blueprint.post("/sessions/<session_id>/end")
@needs(Permission.OWN_ACCOUNT)
def end_session(session_id: str) -> ResponseReturnValue:
    """Sign one browser out."""
    who = signed_in()
    sessions.end(session_id, account_id=me().account_id, at=now())
    if who and who.session_id == session_id:
        session.clear()  # Or the next page would, and what it was to say with it.
    flash(gettext("That browser is signed out."))
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/sessions/end")
@needs(Permission.OWN_ACCOUNT)
def end_sessions() -> ResponseReturnValue:
    """Sign all browsers out, or all but this one."""
    who = signed_in()
    only_others = request.form.get("which") == "others"
    _end_all(me().account_id, but=who.token if who and only_others else None, at=now())
    if not only_others:
        session.clear()  # As above.
    flash(gettext("Every other browser is signed out.") if only_others else gettext("Every browser is signed out."))
    return redirect(url_for("accounts.show" if only_others else "security.login"), 303)


def _end_all(account_id: int, *, but: str | None, at: datetime) -> None:
    with writing() as database:
        sessions.end_all(database, account_id, at=at, but=but)
