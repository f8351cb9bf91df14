"""The public page of decisions, and the address by which one of them is cited."""

from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.labels import N_
from directory.domain.moderation import Action
from directory.domain.revisions import ListingAction, RevisionKind
from directory.services import log
from directory.services.log import LogEntry
from directory.web.access import needs
from directory.web.requests import today

blueprint = Blueprint("log", __name__, url_prefix="/log")

_KINDS: dict[str, str] = {
    Action.APPROVE: N_("Review approved"),
    Action.REQUEST_CHANGES: N_("Author asked for changes"),
    Action.DECLINE: N_("Review declined"),
    Action.SUPERSEDE: N_("Review followed by its author’s newer one"),
    Action.WITHDRAW_AFTER: N_("Approved review taken back, as its author wished"),
    Action.VOID: N_("Approval made void by two people"),
    Action.RECHECK: N_("Source opened again"),
    Action.CONFIRM: N_("Warning sign confirmed, by one of the two people it takes"),
    Action.REMEDY: N_("Found mended, by one of the two people it takes"),
    "listing_approve": N_("Listing changed as suggested"),
    "listing_approve_once": N_("Joining two listings agreed to, by one of the two people it takes"),
    "listing_request_changes": N_("Whoever suggested it asked for changes"),
    "listing_decline": N_("Suggestion about a listing declined"),
    "listing_hide": N_("Listing hidden"),
    "listing_unhide": N_("Listing shown again"),
}
#: The same in fewer words, for a list to choose from on a phone.
_SHORT: dict[str, str] = {
    Action.WITHDRAW_AFTER: N_("Approved review taken back"),
    Action.CONFIRM: N_("Warning sign confirmed (one of two)"),
    Action.REMEDY: N_("Found mended (one of two)"),
    "listing_approve_once": N_("Joining two listings (one of two)"),
}
_DONE = {
    RevisionKind.NEW: N_("Clinic listed"),
    RevisionKind.EDIT: N_("Listing corrected"),
    RevisionKind.MOVE: N_("Clinic moved"),
    RevisionKind.CLOSE: N_("Clinic closed"),
    RevisionKind.REOPEN: N_("Clinic open again"),
    RevisionKind.MERGE: N_("Two listings of one clinic joined, by two people"),
}
_LOOKS = {
    True: N_("Source opened again: the words stood there"),
    False: N_("Source opened again: the words were not found"),
}


def init_app(app: Flask) -> None:
    """Give templates the words of the log."""
    app.jinja_env.filters |= {"decided_words": words, "kind_words": short_kind}


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


def kind(action: str) -> str:
    """Return a kind of decision in words."""
    return gettext(_KINDS[action])


def short_kind(action: str) -> str:
    """Return a kind of decision in few words."""
    return gettext(_SHORT.get(action, _KINDS[action]))


def words(entry: LogEntry) -> str:
    """Return what was decided, in words."""
    if entry.has_seen is not None:
        return gettext(_LOOKS[entry.has_seen])
    is_done = entry.suggestion and entry.action == ListingAction.APPROVE
    return gettext(_DONE[entry.suggestion]) if entry.suggestion and is_done else kind(entry.kind)
