"""The pages on which moderators decide about approved reviews: make one void, take one back as its author wishes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidTransition
from directory.domain.labels import N_
from directory.domain.moderation import COUNTING, Action, Reason
from directory.services import after_approval, queue, support, voids, wishes
from directory.services.queue import OpenedReview
from directory.services.voids import Vote
from directory.web import interrupted
from directory.web.access import me, needs
from directory.web.language import translated
from directory.web.letters import site
from directory.web.moderation_forms import ReasonForm
from directory.web.requests import now

blueprint = Blueprint("afterwards", __name__, url_prefix="/moderation")

_VOTED = {
    True: N_("The review of %(clinic)s is void now: two of you found so. Its score is computed anew."),
    False: N_("You voted to make the review of %(clinic)s void. Nothing changes before somebody else finds so too."),
}
_GRANTED = N_("You took the review of %(clinic)s back, as its author wished. Its score is computed anew.")


@blueprint.get("/approved")
@needs(Permission.VOID)
def pending() -> str:
    """List the approved reviews that authors wish back, and those with one vote to make them void."""
    return render_template("afterwards/pending.html", found=after_approval.pending(me(), at=now()), at=now())


@blueprint.get("/signs/again")
@needs(Permission.RULE)
def again() -> str:
    """List the confirmed signs whose evidence was taken back or made void."""
    return render_template("afterwards/again.html", signs=support.to_look_at_again(me(), at=now()))


def _signed_out(**_address: str) -> ResponseReturnValue:
    """Give back what was typed to somebody whose session ended meanwhile."""
    return interrupted.give_back("afterwards.void", _typed())


@blueprint.route("/reviews/<public_id>/void", methods=["GET", "POST"])
@needs(Permission.VOID, signed_out=_signed_out)
def void(public_id: str) -> ResponseReturnValue:
    """Ask for the reasons to make an approved review void, and vote."""
    opened, form = queue.look_at(public_id, me(), at=now()), ReasonForm()
    if request.method == "GET":
        return _page(opened, form)
    form.validate()
    form.hold(Action.VOID)
    if form.errors:
        return _page(opened, form), 422
    given = Vote(reason=form.code, words=form.words.data or "", site=site("reviews.show", public_id=public_id))
    try:
        is_void = voids.vote(public_id, given, moderator_id=me().account_id, seen_version=_seen(), at=now())
    except (Conflict, InvalidTransition) as refused:
        return _conflict(public_id, refused)
    flash(gettext(_VOTED[is_void], clinic=opened.clinic.name))
    return redirect(url_for("afterwards.pending"), 303)


@blueprint.post("/reviews/<public_id>/take-back")
@needs(Permission.DECIDE)
def take_back(public_id: str) -> ResponseReturnValue:
    """Take an approved review back, as its author wishes."""
    opened = queue.look_at(public_id, me(), at=now())
    page = site("reviews.show", public_id=public_id)
    try:
        wishes.grant(public_id, moderator_id=me().account_id, seen_version=_seen(), at=now(), site=page)
    except (Conflict, InvalidTransition) as refused:
        return _conflict(public_id, refused)
    flash(gettext(_GRANTED, clinic=opened.clinic.name))
    return redirect(url_for("afterwards.pending"), 303)


def _seen() -> int:
    return request.form.get("version", 0, type=int)


def _page(opened: OpenedReview, form: ReasonForm) -> str:
    asked = after_approval.of_review(opened.public_id, me(), at=now())
    return render_template(
        "afterwards/void.html", review=opened, form=form, asked=asked, can_be_void=opened.status in COUNTING
    )


def _conflict(public_id: str, refused: Conflict | InvalidTransition) -> ResponseReturnValue:
    """Say why not and how the review stands now, and give back what was typed."""
    opened = queue.look_at(public_id, me(), at=now())
    sentence = translated(refused.sentence)
    return render_template("moderation/conflict.html", review=opened, sentence=sentence, typed=_typed()), 409


def _typed() -> list[tuple[str, str]]:
    code = request.form.get("reason", "")
    reason = gettext(Reason(code).label) if code in set(Reason) else ""
    found = ((gettext("Reason"), reason), (gettext("In words"), request.form.get("words", "").strip()))
    return [(label, words) for label, words in found if words]
