"""The public page of decisions, and the address by which one of them is cited."""

from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.labels import N_
from directory.domain.moderation import Action
from directory.services import log
from directory.services.log import LogEntry
from directory.web.access import needs
from directory.web.requests import today

blueprint = Blueprint("log", __name__, url_prefix="/log")

_KINDS = {
    Action.APPROVE: N_("Review approved"),
    Action.REQUEST_CHANGES: N_("Author asked for changes"),
    Action.DECLINE: N_("Review declined"),
    Action.SUPERSEDE: N_("Review followed by its author’s newer one"),
    Action.RECHECK: N_("Source opened again"),
    Action.CONFIRM: N_("Warning sign confirmed, by one of the two people it takes"),
    Action.REMEDY: N_("Found mended, by one of the two people it takes"),
}
_LOOKS = {
    True: N_("Source opened again: the words stood there"),
    False: N_("Source opened again: the words were not found"),
}


def init_app(app: Flask) -> None:
    """Give templates the words of the log."""
    app.jinja_env.filters |= {"decided_words": words, "kind_words": kind}


@blueprint.get("")
@needs(Permission.READ_PUBLISHED)
def entries() -> str:
    """List the decisions, the newest first."""
    asked = {name: request.args.get(name, "") for name in ("after", "clinic", "action")}
    found = log.page(as_of=today(), **asked)
    return render_template("log/entries.html", log=found, kinds=log.LISTED)


@blueprint.get("/<public_id>")
@needs(Permission.READ_PUBLISHED)
def show(public_id: str) -> str:
    """Show one decision."""
    return render_template("log/show.html", entry=log.show(public_id, as_of=today()))


def kind(action: Action) -> str:
    """Return a kind of decision in words."""
    return gettext(_KINDS[action])


def words(entry: LogEntry) -> str:
    """Return what was decided, in words."""
    return kind(entry.action) if entry.has_seen is None else gettext(_LOOKS[entry.has_seen])
