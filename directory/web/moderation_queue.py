"""The queue of moderators: what waits and what was decided, the next one, and spam declined several at a time."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from directory.domain.access import Permission, allows
from directory.domain.errors import DirectoryError
from directory.domain.identifiers import is_public_id
from directory.domain.labels import N_
from directory.domain.moderation import Action, Reason
from directory.domain.revisions import ListingAction, ListingReason
from directory.domain.waiting import ItemKind
from directory.services import claims, hiding, listing_decisions, moderation, queue
from directory.services.listing_decisions import ListingVerdict
from directory.services.moderation import ReviewDecision
from directory.services.queue import PAGE, Queue
from directory.services.queue_lines import Asked, View
from directory.web.access import me, needs
from directory.web.language import translated
from directory.web.letters import site
from directory.web.listing_forms import ListingReasonForm
from directory.web.moderation import blueprint
from directory.web.moderation_forms import ReasonForm
from directory.web.rail import PAGES
from directory.web.requests import now

__all__ = ["blueprint"]

#: What can hold alike for several reviews that nobody has weighed one by one.
FOR_SEVERAL = (
    Reason.NO_EVIDENCE, Reason.NOT_ABOUT_THIS_CLINIC, Reason.PAID_OR_REWARDED, Reason.DUPLICATE, Reason.OUTSIDE_RUBRIC,
    Reason.ABUSIVE, Reason.COPIED_TEXT,
)  # fmt: skip
FOR_SEVERAL_LISTINGS = (
    ListingReason.NO_SOURCE, ListingReason.DUPLICATE, ListingReason.NO_KETAMINE, ListingReason.OTHER_CLINIC,
    ListingReason.ABUSIVE,
)  # fmt: skip
#: Whether it is a review → what is said of one that could not be declined.
_NOT_DECLINED = {
    True: N_("Not declined: review %(item)s. %(sentence)s"),
    False: N_("Not declined: suggestion %(item)s. %(sentence)s"),
}
_NOTHING_LEFT = N_("Nothing else waits for you that nobody has open.")


@dataclass(frozen=True)
class _Chosen:
    """A review or suggestion that was ticked, and the version of it that was shown."""

    public_id: str
    version: int


@blueprint.get("", endpoint="queue")
@needs(Permission.SEE_QUEUE)
def waiting() -> str:
    """List what waits, the longest waiting first, or what a filter asks for."""
    return _page(_form())


@blueprint.post("/next")
@needs(Permission.DECIDE)
def take_next() -> ResponseReturnValue:
    """Claim what waits longest, or what stands behind the item that is left, and open it."""
    found = claims.take_next(moderator_id=me().account_id, at=now(), after=request.form.get("after", ""))
    if found is None:
        flash(gettext(_NOTHING_LEFT))
        return redirect(url_for("moderation.queue"), 303)
    return redirect(url_for(PAGES[found.kind], public_id=found.public_id), 303)


@blueprint.post("/decline")
@needs(Permission.DECIDE)
def decline() -> ResponseReturnValue:
    """Decline what was ticked of one kind, each in its own turn; say which could not be, and why."""
    form, chosen = _form(), _chosen()
    if "fill" in request.form:
        form.fill_in()
        return _page(form)
    form.validate()
    form.hold(Action.DECLINE)
    if not chosen or form.errors:
        return _page(form, is_none_chosen=not chosen), 422
    refused = [sentence for each in chosen if (sentence := _declined(each, form))]
    number = len(chosen) - len(refused)
    if isinstance(form, ReasonForm):
        flash(ngettext("You declined %(num)d review.", "You declined %(num)d reviews.", number))
    else:
        flash(ngettext("You declined %(num)d suggestion.", "You declined %(num)d suggestions.", number))
    for sentence in refused:
        flash(sentence)
    return redirect(url_for("moderation.queue", kind=request.args.get("kind")), 303)


def _form() -> ReasonForm | ListingReasonForm:
    """Return the reasons for several: those for suggestions where nothing else is shown, else those for reviews."""
    only_listings = request.args.get("kind") == ItemKind.LISTING
    return ListingReasonForm(FOR_SEVERAL_LISTINGS) if only_listings else ReasonForm(FOR_SEVERAL)


def _declined(each: _Chosen, form: ReasonForm | ListingReasonForm) -> str:
    """Decline one review or suggestion; return why that could not be done, or ""."""
    by: dict[str, Any] = {"moderator_id": me().account_id, "seen_version": each.version, "at": now()}
    try:
        if isinstance(form, ReasonForm):
            moderation.decide(each.public_id, _review_declined(each, form), **by)
        else:
            listing_decisions.decide(each.public_id, _suggestion_declined(each, form), **by)
    except DirectoryError as error:
        sentence = translated(error.sentence)
        message = _NOT_DECLINED[isinstance(form, ReasonForm)]
        return gettext(message, item=each.public_id, sentence=sentence)
    return ""


def _review_declined(each: _Chosen, form: ReasonForm) -> ReviewDecision:
    where = site("reviews.show", public_id=each.public_id)
    return ReviewDecision(action=Action.DECLINE, answers={}, reason=form.code, words=form.words.data or "", site=where)


def _suggestion_declined(each: _Chosen, form: ListingReasonForm) -> ListingVerdict:
    where = site("suggestions.show", public_id=each.public_id)
    return ListingVerdict(action=ListingAction.DECLINE, reason=form.code, words=form.words.data or "", site=where)


def _chosen() -> list[_Chosen]:
    """Return what was ticked, each once; what is no public id and version is left out."""
    pairs = (each.partition(":") for each in request.form.getlist("chosen")[:PAGE])
    found = {
        _Chosen(public_id, int(version)): None
        for public_id, _, version in pairs
        if is_public_id(public_id) and version.isascii() and version.isdecimal() and len(version) < 10
    }
    return list(found)


def _page(form: ReasonForm | ListingReasonForm, *, is_none_chosen: bool = False) -> str:
    at = now()
    return render_template(
        "moderation/queue.html",
        queue=_asked_for(),
        form=form,
        is_none_chosen=is_none_chosen,
        chosen={each.public_id for each in _chosen()},
        pages=PAGES,
        ticked="listing" if isinstance(form, ListingReasonForm) else "review",
        only_overdue=_only_overdue(),
        may_hide=allows(me(), Permission.HIDE_LISTING),
        hidden_due=hiding.number_due(today=at.date()),
        at=at,
    )


def _asked_for() -> Queue:
    view, kind = request.args.get("view", ""), request.args.get("kind", "")
    asked = Asked(
        view=View(view) if view in set(View) else View.WAITING,
        kind=ItemKind(kind) if kind in set(ItemKind) else None,
        only_overdue=_only_overdue(),
    )
    return queue.waiting(me(), asked, at=now(), after=request.args.get("after", ""))


def _only_overdue() -> bool:
    return request.args.get("age") == "over"
