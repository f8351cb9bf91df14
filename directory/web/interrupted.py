"""A form that was sent after its session had ended: what was typed is given back, and signing in leads on."""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from directory.web.access import ONWARD


def give_back(endpoint: str, typed: list[tuple[str, str]]) -> ResponseReturnValue:
    """Show what was typed, label by label, or the page to sign in where nothing was; `endpoint` is where that leads.

    It takes the arguments of the address that the form was sent to.
    """
    session[ONWARD] = {"endpoint": endpoint, "arguments": request.view_args or {}}
    if not typed:
        return redirect(url_for("security.login"), 303)
    return render_template("accounts/interrupted.html", typed=typed), 401
