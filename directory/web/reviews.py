"""The pages about reviews: the checklist, explained, and what has become of one's own reviews."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidTransition
from directory.services import own_reviews
from directory.web.access import me, needs
from directory.web.checklists import find
from directory.web.requests import now, today

blueprint = Blueprint("reviews", __name__)


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


def _page(public_id: str, changed: Conflict | InvalidTransition | None = None) -> str:
    review = own_reviews.show(public_id, me(), as_of=today())
    return render_template("reviews/own.html", review=review, changed=changed.sentence if changed else None)
