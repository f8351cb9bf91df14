"""The words for what was changed about a listing."""

from flask import Flask
from flask_babel import gettext

from directory.domain.labels import N_
from directory.domain.revisions import ListingAction, RevisionKind
from directory.services.listing_history import ListingChange
from directory.web.suggestion_words import fact_label

_KINDS = {
    RevisionKind.NEW: N_("Listed"),
    RevisionKind.EDIT: N_("Corrected"),
    RevisionKind.MOVE: N_("Moved here"),
    RevisionKind.CLOSE: N_("Closed"),
    RevisionKind.REOPEN: N_("Open again"),
    RevisionKind.MERGE: N_("Another listing of this clinic was joined to this one"),
}
_ACTIONS = {
    ListingAction.HIDE: N_("Hidden"),
    ListingAction.UNHIDE: N_("Shown again"),
}


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.filters |= {"change_words": change_words, "changed_facts": changed_facts}


def change_words(change: ListingChange) -> str:
    """Return what was done, in words."""
    return gettext(_KINDS[change.kind] if change.kind else _ACTIONS[change.action])


def changed_facts(change: ListingChange) -> str:
    """Return the facts that were changed, in words; "" where none was."""
    return ", ".join(fact_label(name) for name in change.fields)
