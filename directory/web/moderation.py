"""The page on which a moderator decides on a review: claims it, looks what a decision would do, and takes it."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidTransition
from directory.domain.labels import N_
from directory.domain.moderation import COUNTING, Action
from directory.services import after_approval, claims, moderation, queue, workbench
from directory.services.queue import OpenedReview
from directory.web import interrupted
from directory.web.access import me, needs
from directory.web.language import translated
from directory.web.letters import site
from directory.web.moderation_forms import DecisionForm
from directory.web.moderation_words import typed
from directory.web.rail import beside
from directory.web.requests import now

blueprint = Blueprint("moderation", __name__, url_prefix="/moderation")

_CHANGED = N_("This review has changed since you opened it. Look at it again before you decide.")
_DONE = {
    Action.APPROVE: N_("You approved the review of %(clinic)s. Its score is computed anew."),
    Action.REQUEST_CHANGES: N_("You asked the author of the review of %(clinic)s for changes."),
    Action.DECLINE: N_("You declined the review of %(clinic)s."),
}
_RELEASED = N_("You gave the review of %(clinic)s back. Whoever comes next can take it.")
_LEASES = {"claim": claims.claim, "renew": claims.renew}


def _signed_out(**_address: str) -> ResponseReturnValue:
    """Give back what was typed to somebody whose session ended meanwhile."""
    return interrupted.give_back("moderation.review", typed(request.form))


@blueprint.route("/reviews/<public_id>", methods=["GET", "POST"])
@needs(Permission.DECIDE, signed_out=_signed_out)
def review(public_id: str) -> ResponseReturnValue:
    """Show a review with its evidence, and decide on it; claim, renewal and preview keep all that was typed."""
    opened = queue.look_at(public_id, me(), at=now())
    form = DecisionForm(opened)
    if request.method == "GET":
        return _page(opened, form)
    if form.seen_version != opened.version or not opened.is_waiting:
        return _conflict(public_id, gettext(_CHANGED))
    return _ASIDE.get(form.action.data or "", _decide)(opened, form)


@blueprint.get("/reviews/<public_id>/state")
@needs(Permission.DECIDE)
def state(public_id: str) -> ResponseReturnValue:
    """Say as JSON how a review stands, for a page that is being read."""
    opened = queue.look_at(public_id, me(), at=now())
    return {"version": opened.version, "is_waiting": opened.is_waiting}


def _release(opened: OpenedReview, _form: DecisionForm) -> ResponseReturnValue:
    claims.release(opened.public_id, moderator_id=me().account_id)
    flash(gettext(_RELEASED, clinic=opened.clinic.name))
    return redirect(url_for("moderation.queue"), 303)


def _fill_in(opened: OpenedReview, form: DecisionForm) -> ResponseReturnValue:
    form.fill_in_all()
    return _page(opened, form)


def _preview(opened: OpenedReview, form: DecisionForm) -> ResponseReturnValue:
    return _page(opened, form, is_previewed=True)


def _lease(opened: OpenedReview, form: DecisionForm) -> ResponseReturnValue:
    who = me()
    try:
        _LEASES[form.action.data or ""](opened.public_id, moderator_id=who.account_id, at=now())
    except Conflict as refused:
        return _conflict(opened.public_id, translated(refused.sentence))
    return _page(queue.look_at(opened.public_id, who, at=now()), form)


def _decide(opened: OpenedReview, form: DecisionForm) -> ResponseReturnValue:
    if not form.is_complete():
        return _page(opened, form), 422
    decision = replace(form.decision(), site=site("reviews.show", public_id=opened.public_id))
    who = me().account_id
    try:
        moderation.decide(opened.public_id, decision, moderator_id=who, seen_version=form.seen_version, at=now())
    except InvalidTransition:
        return _conflict(opened.public_id, gettext(_CHANGED))
    except Conflict as refused:
        is_as_seen = queue.look_at(opened.public_id, me(), at=now()).version == form.seen_version
        return _conflict(opened.public_id, translated(refused.sentence) if is_as_seen else gettext(_CHANGED))
    flash(gettext(_DONE[decision.action], clinic=opened.clinic.name))
    return redirect(url_for("moderation.queue"), 303)


#: What a button does that decides nothing.
_ASIDE = {"release": _release, "claim": _lease, "renew": _lease, "words": _fill_in, "preview": _preview}


def _page(opened: OpenedReview, form: DecisionForm, *, is_previewed: bool = False) -> str:
    who, at = me().account_id, now()
    preview = (
        workbench.preview(opened.public_id, form.outcomes, form.seen, moderator_id=who, at=at) if is_previewed else None
    )
    is_counting = opened.status in COUNTING
    return render_template(
        "moderation/review.html",
        review=opened,
        form=form,
        asked=after_approval.of_review(opened.public_id, me(), at=at) if is_counting else None,
        published=workbench.published(opened.public_id, at=at),
        preview=preview,
        me=who,
        at=at,
        **beside(at),
    )


def _conflict(public_id: str, sentence: str) -> ResponseReturnValue:
    """Say why not and how the review stands now, and give back what was typed."""
    opened, kept = queue.look_at(public_id, me(), at=now()), typed(request.form)
    return render_template("moderation/conflict.html", review=opened, sentence=sentence, typed=kept), 409
