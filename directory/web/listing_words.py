"""Words of the moderators' page about a suggestion: what they can begin with, and what they had typed."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import gettext

from directory.domain.findings import Verdict
from directory.domain.labels import N_
from directory.domain.profile import ListingStatus
from directory.domain.revisions import (
    REVISION_DECISIONS,
    ListingAction,
    ListingReason,
    RevisionKind,
    RevisionStatus,
)
from directory.services import checklists
from directory.services.opened_revisions import OpenedRevision

#: Reason → what is usually said to the author.
USUAL = {
    ListingReason.NO_SOURCE: N_("We cannot look at this source. Link to a page that anyone can open, or name another."),
    ListingReason.SOURCE_NOT_SUPPORTING: N_("The source does not say this. Link to the page that does."),
    ListingReason.DUPLICATE: N_("This clinic is listed already. If something is wrong there, please correct it."),
    ListingReason.NO_KETAMINE: N_(
        "We found nothing that says it offers ketamine or esketamine. Show us where it does."
    ),
    ListingReason.OTHER_CLINIC: N_("This is about another clinic. Please suggest it for the one that you mean."),
    ListingReason.UNDISCLOSED_TIE: N_("You did not tell us of a tie to this clinic. Declare it, and suggest it again."),
    ListingReason.PERSONAL_DATA: N_("This names or describes a private person. Say the same without them."),
    ListingReason.ABUSIVE: N_("This insults or threatens somebody. Say what is so, without that."),
}
_HEADINGS = {
    RevisionKind.NEW: N_("New listing: %(clinic)s"),
    RevisionKind.EDIT: N_("Correction: %(clinic)s"),
    RevisionKind.MOVE: N_("Move: %(clinic)s"),
    RevisionKind.CLOSE: N_("Closed: %(clinic)s"),
    RevisionKind.REOPEN: N_("Open again: %(clinic)s"),
    RevisionKind.MERGE: N_("Listed twice: %(clinic)s"),
}
#: What an approval does.
_MEANS = {
    RevisionKind.NEW: N_("It is published, and the clinic is told where its address is known."),
    RevisionKind.EDIT: N_("The listing says so from now on, with this source and day."),
    RevisionKind.MOVE: N_("The listing keeps all that was documented, and says that the clinic moved here."),
    RevisionKind.CLOSE: N_("The page says that the clinic has closed, and searches leave it out."),
    RevisionKind.REOPEN: N_("Searches find the clinic again."),
    RevisionKind.MERGE: N_(
        "It takes two of you. The reviews and rulings of this listing count for the one that stays."
    ),
}
_STANDS = {
    RevisionStatus.SUBMITTED: N_("Waiting for a decision"),
    RevisionStatus.APPROVED_ONCE: N_("One of two has agreed"),
    RevisionStatus.CHANGES_REQUESTED: N_("With its author, who was asked for changes"),
    RevisionStatus.APPROVED: N_("Approved"),
    RevisionStatus.DECLINED: N_("Declined"),
    RevisionStatus.WITHDRAWN: N_("Taken back by its author"),
}
_LISTED = {
    ListingStatus.PROPOSED: N_("Proposed, not public"),
    ListingStatus.PUBLISHED: N_("Published"),
    ListingStatus.CLOSED: N_("Listed as closed"),
    ListingStatus.MERGED: N_("Joined to another listing"),
    ListingStatus.HIDDEN: N_("Hidden"),
    ListingStatus.DECLINED: N_("Declined, not public"),
    ListingStatus.WITHDRAWN: N_("Taken back, not public"),
}
_TO_DO = {
    ListingAction.APPROVE: N_("Approve"),
    ListingAction.REQUEST_CHANGES: N_("Ask for changes"),
    ListingAction.DECLINE: N_("Decline"),
}


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.filters |= {
        "suggestion_heading": heading,
        "suggestion_short": short,
        "approval_means": approval_means,
        "suggestion_stands": stands,
        "listed_as": listed_as,
        "signs_in_words": signs_in_words,
    }


def heading(suggestion: OpenedRevision) -> str:
    """Return what a suggestion is about: "Correction: Blue Teapot"."""
    return gettext(_HEADINGS[suggestion.kind], clinic=suggestion.listing.name)


def short(kind: RevisionKind) -> str:
    """Return what a suggestion is, before the name of its clinic: "Correction:"."""
    return gettext(_HEADINGS[kind], clinic="").strip()


def approval_means(kind: RevisionKind) -> str:
    """Return what comes of an approval."""
    return gettext(_MEANS[kind])


def stands(status: RevisionStatus) -> str:
    """Return where a suggestion stands, as moderators say it."""
    return gettext(_STANDS[status])


def listed_as(status: ListingStatus) -> str:
    """Return what a listing is."""
    return gettext(_LISTED[status])


def signs_in_words(signs: Mapping[str, Verdict]) -> str:
    """Return what was found out of the warning signs of a listing: "At home: Suspected. Cure-all: Cleared."."""
    known = [
        gettext("%(sign)s: %(state)s.", sign=gettext(sign.strip or sign.name), state=gettext(signs[sign.slug].label))
        for sign in checklists.current().signs
        if signs.get(sign.slug, Verdict.UNKNOWN) is not Verdict.UNKNOWN
    ]
    return " ".join(known) or gettext("All five unknown")


def typed(form: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a moderator typed or chose, label and words, so that nothing is lost where it could not be used."""
    reason, action = form.get("reason", ""), form.get("action", "")
    found = [
        (gettext("What to do"), gettext(_TO_DO[ListingAction(action)]) if action in REVISION_DECISIONS else ""),
        (gettext("Reason"), gettext(ListingReason(reason).label) if reason in set(ListingReason) else ""),
        (gettext("In words"), form.get("words", "").strip()),
        (gettext("Hidden until"), form.get("until", "").strip()),
    ]
    return [(label, words) for label, words in found if words]
