"""The pages of moderators: what waits for a decision, and the plain form that decides on a review."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidTransition
from directory.domain.labels import N_
from directory.domain.moderation import Action
from directory.services import moderation, queue
from directory.services.queue import OpenedReview
from directory.web.access import ONWARD, me, needs
from directory.web.moderation_forms import DecisionForm
from directory.web.moderation_words import typed
from directory.web.requests import now

blueprint = Blueprint("moderation", __name__, url_prefix="/moderation")

_CHANGED = N_("This review has changed since you opened it. Look at it again before you decide.")
_DONE = {
    Action.APPROVE: N_("You approved the review of %(clinic)s. Its score is computed anew."),
    Action.REQUEST_CHANGES: N_("You asked the author of the review of %(clinic)s for changes."),
    Action.DECLINE: N_("You declined the review of %(clinic)s."),
}


@blueprint.get("", endpoint="queue")
@needs(Permission.SEE_QUEUE)
def waiting() -> str:
    """List what waits, the longest waiting first."""
    at = now()
    found = queue.waiting(me(), at=at, after=request.args.get("after", ""))
    return render_template("moderation/queue.html", queue=found, at=at)


def _signed_out(public_id: str) -> ResponseReturnValue:
    """Give back what was typed to somebody whose session ended meanwhile."""
    session[ONWARD] = {"endpoint": "moderation.review", "arguments": {"public_id": public_id}}
    kept = typed(request.form)
    if not kept:
        return redirect(url_for("security.login"), 303)
    return render_template("moderation/signed_out.html", typed=kept), 401


@blueprint.route("/reviews/<public_id>", methods=["GET", "POST"])
@needs(Permission.DECIDE, signed_out=_signed_out)
def review(public_id: str) -> ResponseReturnValue:
    """Show a review with its evidence, and decide on it."""
    opened = queue.look_at(public_id, me(), at=now())
    form = DecisionForm(opened)
    if request.method == "GET":
        return _page(opened, form)
    if form.seen_version != opened.version or not opened.is_waiting:
        return _conflict(public_id)
    if not form.is_complete():
        return _page(opened, form), 422
    return _decide(opened, form)


def _decide(opened: OpenedReview, form: DecisionForm) -> ResponseReturnValue:
    decision = form.decision()
    try:
        moderation.decide(
            opened.public_id, decision, moderator_id=me().account_id, seen_version=form.seen_version, at=now()
        )
    except (Conflict, InvalidTransition):
        return _conflict(opened.public_id)
    flash(gettext(_DONE[decision.action], clinic=opened.clinic.name))
    return redirect(url_for("moderation.queue"), 303)


def _page(opened: OpenedReview, form: DecisionForm) -> str:
    return render_template("moderation/review.html", review=opened, form=form, at=now())


def _conflict(public_id: str) -> ResponseReturnValue:
    """Say how the review stands now, and give back what was typed."""
    opened, kept = queue.look_at(public_id, me(), at=now()), typed(request.form)
    return render_template("moderation/conflict.html", review=opened, sentence=gettext(_CHANGED), typed=kept), 409
