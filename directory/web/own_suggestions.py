"""One's own suggestions about listings: all of them, one with what became of it, and taken back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidTransition
from directory.services import own_revisions, revisions
from directory.web.access import me, needs
from directory.web.requests import now
from directory.web.suggestions import blueprint

__all__ = ["blueprint"]


@blueprint.get("/suggestions")
@needs(Permission.READ_OWN_SUGGESTION)
def mine() -> str:
    """List what one has suggested."""
    found = own_revisions.mine(me().account_id, after=request.args.get("after", ""))
    return render_template("suggestions/mine.html", found=found)


@blueprint.get("/suggestions/<public_id>")
@needs(Permission.READ_OWN_SUGGESTION)
def show(public_id: str) -> str:
    """Show one's own suggestion, and what has become of it."""
    return _page(public_id)


@blueprint.post("/suggestions/<public_id>/withdraw")
@needs(Permission.READ_OWN_SUGGESTION)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take an undecided suggestion back."""
    seen = request.form.get("version", 0, type=int)
    try:
        revisions.withdraw(public_id, author_id=me().account_id, seen_version=seen, at=now())
    except (Conflict, InvalidTransition) as changed:
        return _page(public_id, changed), 409
    flash(gettext("You took it back. Nothing of it is public."))
    return redirect(url_for("suggestions.mine"), 303)


def _page(public_id: str, changed: Conflict | InvalidTransition | None = None) -> str:
    suggestion = own_revisions.show(public_id, me().account_id)
    return render_template(
        "suggestions/show.html", suggestion=suggestion, changed=changed.sentence if changed else None
    )
