"""The pages about reviews: the checklist, explained, and what has become of one's own reviews."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidParameter, InvalidTransition
from directory.domain.labels import N_
from directory.services import own_reviews
from directory.web import interrupted
from directory.web.access import me, needs
from directory.web.checklists import find
from directory.web.requests import now, today

blueprint = Blueprint("reviews", __name__)

_WISHED = {
    False: N_("You asked to have your review back. A moderator does it; until then its answers count."),
    True: N_("Your review stays as it is."),
}


@blueprint.get("/checklist", defaults={"version": None})
@blueprint.get("/checklist/<version>")
@needs(Permission.READ_PUBLISHED)
def checklist(version: str | None) -> str:
    """Explain the checklist, how findings and scores are made, and what stands behind each question."""
    return render_template("reviews/checklist.html", checklist=find(version))


@blueprint.get("/reviews")
@needs(Permission.READ_OWN_REVIEW)
def mine() -> str:
    """List one's own reviews and drafts."""
    found = own_reviews.mine(me(), after=request.args.get("after", ""))
    return render_template("reviews/mine.html", found=found)


@blueprint.get("/reviews/<public_id>")
@needs(Permission.READ_OWN_REVIEW)
def show(public_id: str) -> str:
    """Show one's own review, and what has become of it."""
    return _page(public_id)


@blueprint.post("/reviews/<public_id>/withdraw")
@needs(Permission.WITHDRAW_REVIEW)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take an undecided review back."""
    seen = request.form.get("version", 0, type=int)
    try:
        own_reviews.take_back(public_id, me(), seen_version=seen, at=now())
    except (Conflict, InvalidTransition) as changed:
        return _page(public_id, changed), 409
    flash(gettext("You took your review back. Nothing of it is public."))
    return redirect(url_for("reviews.mine"), 303)


def _signed_out(**_address: str) -> ResponseReturnValue:
    """Give the words back to somebody whose session ended meanwhile."""
    words = request.form.get("words", "").strip()
    return interrupted.give_back("reviews.show", [(gettext("Why, if you like to say"), words)] if words else [])


@blueprint.post("/reviews/<public_id>/wish")
@needs(Permission.WITHDRAW_REVIEW, signed_out=_signed_out)
def wish(public_id: str) -> ResponseReturnValue:
    """Ask to have an approved review back, or take that back."""
    seen, words = request.form.get("version", 0, type=int), request.form.get("words", "").replace("\r\n", "\n").strip()
    is_dropped = request.form.get("do") == "drop"
    try:
        if is_dropped:
            own_reviews.drop_wish(public_id, me(), seen_version=seen, at=now())
        else:
            own_reviews.wish_back(public_id, me(), words=words, seen_version=seen, at=now())
    except InvalidParameter as refused:
        return _page(public_id, refused, words), 422
    except (Conflict, InvalidTransition) as changed:
        return _page(public_id, changed, words), 409
    flash(gettext(_WISHED[is_dropped]))
    return redirect(url_for("reviews.show", public_id=public_id), 303)


def _page(
    public_id: str, changed: Conflict | InvalidTransition | InvalidParameter | None = None, words: str = ""
) -> str:
    review = own_reviews.show(public_id, me(), as_of=today())
    sentence = changed.sentence if changed else None
    return render_template("reviews/own.html", review=review, changed=sentence, words=words)
