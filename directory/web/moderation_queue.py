"""The queue of moderators: what waits and what was decided, the next one, and spam declined several at a time."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from directory.domain.access import Permission
from directory.domain.errors import DirectoryError
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import Action, Reason
from directory.services import claims, moderation, queue
from directory.services.moderation import ReviewDecision
from directory.services.queue import PAGE, Queue, View
from directory.web.access import me, needs
from directory.web.language import translated
from directory.web.letters import site
from directory.web.moderation import blueprint
from directory.web.moderation_forms import ReasonForm
from directory.web.requests import now

__all__ = ["blueprint"]

#: What can hold alike for several reviews that nobody has weighed one by one.
FOR_SEVERAL = (
    Reason.NO_EVIDENCE, Reason.NOT_ABOUT_THIS_CLINIC, Reason.PAID_OR_REWARDED, Reason.DUPLICATE, Reason.OUTSIDE_RUBRIC,
    Reason.ABUSIVE, Reason.COPIED_TEXT,
)  # fmt: skip
_NOTHING_LEFT = N_("Nothing else waits for you that nobody has open.")


@dataclass(frozen=True)
class _Chosen:
    """A review that was ticked, and the version of it that was shown."""

    public_id: str
    version: int


@blueprint.get("", endpoint="queue")
@needs(Permission.SEE_QUEUE)
def waiting() -> str:
    """List what waits, the longest waiting first, or what a filter asks for."""
    return _page(ReasonForm(FOR_SEVERAL))


@blueprint.post("/next")
@needs(Permission.DECIDE)
def take_next() -> ResponseReturnValue:
    """Claim the review that waits longest, or the one behind that which is left, and open it."""
    found = claims.take_next(moderator_id=me().account_id, at=now(), after=request.form.get("after", ""))
    if found is None:
        flash(gettext(_NOTHING_LEFT))
        return redirect(url_for("moderation.queue"), 303)
    return redirect(url_for("moderation.review", public_id=found), 303)


@blueprint.post("/decline")
@needs(Permission.DECIDE)
def decline() -> ResponseReturnValue:
    """Decline the reviews that were ticked, each in its own turn; say which could not be, and why."""
    form, chosen = ReasonForm(FOR_SEVERAL), _chosen()
    if "fill" in request.form:
        form.fill_in()
        return _page(form)
    form.validate()
    form.hold(Action.DECLINE)
    if not chosen or form.errors:
        return _page(form, is_none_chosen=not chosen), 422
    refused = [sentence for each in chosen if (sentence := _declined(each, form))]
    number = len(chosen) - len(refused)
    flash(ngettext("You declined %(num)d review.", "You declined %(num)d reviews.", number))
    for sentence in refused:
        flash(sentence)
    return redirect(url_for("moderation.queue"), 303)


def _declined(each: _Chosen, form: ReasonForm) -> str:
    """Decline one review; return why that could not be done, or ""."""
    verdict = ReviewDecision(
        action=Action.DECLINE,
        answers={},
        reason=form.code,
        words=form.words.data or "",
        site=site("reviews.show", public_id=each.public_id),
    )
    who = me()
    try:
        moderation.decide(each.public_id, verdict, moderator_id=who.account_id, seen_version=each.version, at=now())
    except DirectoryError as error:
        sentence = translated(error.sentence)
        return gettext("Not declined: review %(review)s. %(sentence)s", review=each.public_id, sentence=sentence)
    return ""


def _chosen() -> list[_Chosen]:
    """Return what was ticked, each once; what is no review and version is left out."""
    pairs = (each.partition(":") for each in request.form.getlist("chosen")[:PAGE])
    found = {
        _Chosen(public_id, int(version)): None
        for public_id, _, version in pairs
        if is_public_id(public_id) and version.isascii() and version.isdecimal() and len(version) < 10
    }
    return list(found)


def _page(form: ReasonForm, *, is_none_chosen: bool = False) -> str:
    at = now()
    return render_template(
        "moderation/queue.html",
        queue=_asked_for(),
        form=form,
        is_none_chosen=is_none_chosen,
        chosen={each.public_id for each in _chosen()},
        only_overdue=_only_overdue(),
        at=at,
    )


def _asked_for() -> Queue:
    view, asked = request.args.get("view", ""), request.args
    known = View(view) if view in set(View) else View.WAITING
    return queue.waiting(me(), at=now(), after=asked.get("after", ""), view=known, only_overdue=_only_overdue())


def _only_overdue() -> bool:
    return request.args.get("age") == "over"
