"""The page on which a moderator decides on a suggestion about a listing: claims it, compares it, and decides."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidParameter, InvalidTransition
from directory.domain.labels import N_
from directory.domain.revisions import ListingAction
from directory.domain.waiting import ItemKind
from directory.services import claims, listing_decisions, opened_revisions
from directory.services.listing_decisions import ListingVerdict
from directory.services.opened_revisions import OpenedRevision
from directory.web import interrupted
from directory.web.access import me, needs
from directory.web.account_mail import whole_url
from directory.web.language import translated
from directory.web.letters import site
from directory.web.listing_forms import SuggestionDecisionForm
from directory.web.listing_words import typed
from directory.web.moderation_queue import blueprint
from directory.web.rail import beside
from directory.web.requests import now

__all__ = ["blueprint"]

_CHANGED = N_("This suggestion has changed since you opened it. Look at it again before you decide.")
_DONE = {
    ListingAction.APPROVE: N_("You approved what was suggested about %(clinic)s."),
    ListingAction.REQUEST_CHANGES: N_("You asked for changes to what was suggested about %(clinic)s."),
    ListingAction.DECLINE: N_("You declined what was suggested about %(clinic)s."),
}
_AGREED = N_("You agreed that %(clinic)s is listed twice. Somebody else must agree as well.")
_RELEASED = N_("You gave the suggestion about %(clinic)s back. Whoever comes next can take it.")
_LEASES = {"claim": claims.claim, "renew": claims.renew}


def _signed_out(**_address: str) -> ResponseReturnValue:
    """Give back what was typed to somebody whose session ended meanwhile."""
    return interrupted.give_back("moderation.listing", typed(request.form))


@blueprint.route("/listings/<public_id>", methods=["GET", "POST"])
@needs(Permission.DECIDE_LISTING, signed_out=_signed_out)
def listing(public_id: str) -> ResponseReturnValue:
    """Show what is suggested beside what is listed, and decide on it; claim and renewal keep all that was typed."""
    opened = opened_revisions.look_at(public_id, me(), at=now())
    form = SuggestionDecisionForm(opened)
    if request.method == "GET":
        return _page(opened, form)
    if form.seen_version != opened.version or not opened.is_waiting:
        return _conflict(public_id, gettext(_CHANGED))
    return _ASIDE.get(form.action.data or "", _decide)(opened, form)


@blueprint.get("/listings/<public_id>/state")
@needs(Permission.DECIDE_LISTING)
def listing_state(public_id: str) -> ResponseReturnValue:
    """Say as JSON how a suggestion stands, for a page that is being read."""
    opened = opened_revisions.look_at(public_id, me(), at=now())
    return {"version": opened.version, "is_waiting": opened.is_waiting}


def _release(opened: OpenedRevision, _form: SuggestionDecisionForm) -> ResponseReturnValue:
    claims.release(opened.public_id, moderator_id=me().account_id, kind=ItemKind.LISTING)
    flash(gettext(_RELEASED, clinic=opened.listing.name))
    return redirect(url_for("moderation.queue"), 303)


def _fill_in(opened: OpenedRevision, form: SuggestionDecisionForm) -> ResponseReturnValue:
    form.fill_in()
    return _page(opened, form)


def _lease(opened: OpenedRevision, form: SuggestionDecisionForm) -> ResponseReturnValue:
    who, take = me(), _LEASES[form.action.data or ""]
    try:
        take(opened.public_id, moderator_id=who.account_id, at=now(), kind=ItemKind.LISTING)
    except Conflict as refused:
        return _conflict(opened.public_id, translated(refused.sentence))
    return _page(opened_revisions.look_at(opened.public_id, who, at=now()), form)


def _decide(opened: OpenedRevision, form: SuggestionDecisionForm) -> ResponseReturnValue:
    if not form.is_complete():
        return _page(opened, form), 422
    verdict = _addressed(opened, form.verdict())
    who, seen = me().account_id, form.seen_version
    try:
        listing_decisions.decide(opened.public_id, verdict, moderator_id=who, seen_version=seen, at=now())
    except InvalidParameter as refused:
        form.refuse(refused.field, translated(refused.sentence))
        return _page(opened, form), 422
    except (Conflict, InvalidTransition) as refused:
        return _conflict(opened.public_id, translated(refused.sentence))
    is_first = opened.takes_two and verdict.action is ListingAction.APPROVE and opened.status == "submitted"
    flash(gettext(_AGREED if is_first else _DONE[verdict.action], clinic=opened.listing.name))
    return redirect(url_for("moderation.queue"), 303)


def _addressed(opened: OpenedRevision, verdict: ListingVerdict) -> ListingVerdict:
    """Return a verdict with the pages that letters about it lead to."""
    shown = opened.target or opened.listing
    page = whole_url("clinics.show", public_id=shown.public_id, slug=shown.slug)
    return replace(verdict, site=site("suggestions.show", public_id=opened.public_id), listing_page=page)


#: What a button does that decides nothing.
_ASIDE = {"release": _release, "claim": _lease, "renew": _lease, "words": _fill_in}


def _page(opened: OpenedRevision, form: SuggestionDecisionForm) -> str:
    who, at = me().account_id, now()
    return render_template("listings/suggestion.html", suggestion=opened, form=form, me=who, at=at, **beside(at))


def _conflict(public_id: str, sentence: str) -> ResponseReturnValue:
    """Say why not and how the suggestion stands now, and give back what was typed."""
    opened, kept = opened_revisions.look_at(public_id, me(), at=now()), typed(request.form)
    return render_template("listings/conflict.html", suggestion=opened, sentence=sentence, typed=kept), 409
