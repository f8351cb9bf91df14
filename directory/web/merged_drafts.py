"""What becomes of the form of a review whose listing was merged: its author goes on with it at the one that stays."""

from collections.abc import Mapping
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain import drafts
from directory.domain.checklist import Checklist
from directory.domain.errors import Conflict, InvalidParameter
from directory.services import checklists, review_forms
from directory.services import drafts as services
from directory.services.drafts import Filled
from directory.services.review_forms import LeftBehind
from directory.web.access import me
from directory.web.language import translated
from directory.web.review_forms import others, typed_version


def show(public_id: str) -> ResponseReturnValue:
    """Show what its author left in the form of a merged listing, or lead on; NotFound where it was not merged."""
    left = review_forms.left_behind(public_id, me().account_id)
    if not left.stored.fields:
        return redirect(url_for("drafts.edit", public_id=left.stays.public_id))
    checklist = typed_version(left.stored.fields.get(drafts.CHECKLIST, ""), checklists.current())
    return _page(left, left.stored.fields, checklist)


def act(what: str, filled: Filled, checklist: Checklist, *, at: datetime) -> ResponseReturnValue:
    """Take a form that was sent about a merged listing to the one that stays, or throw it away; NotFound as show()."""
    left = review_forms.left_behind(filled.clinic, filled.author_id)
    try:
        if what == "discard":
            services.discard(filled.clinic, filled.author_id, seen_version=filled.seen_version)
            flash(gettext("The draft is thrown away."))
            return redirect(url_for("reviews.mine"), 303)
        services.take_over(filled, checklist, at=at)
    except (Conflict, InvalidParameter) as refusal:
        fields = {**drafts.left_over(checklist, left.stored.fields), **filled.fields}
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(left, fields, checklist, translated(refusal.sentence)), status
    flash(gettext("The listing was merged into the one that you see here, and what you typed came with you. "
                  "Nothing is handed in yet."))  # fmt: skip
    return redirect(url_for("drafts.edit", public_id=left.stays.public_id), 303)


def _page(left: LeftBehind, fields: Mapping[str, str], checklist: Checklist, sentence: str = "") -> str:
    names = [name for name in fields if name != drafts.CHECKLIST]
    typed = others(checklist, fields, names)
    sent = {name: fields[name] for name in names} | {"checklist": checklist.version}
    return render_template("drafts/merged.html", left=left, sent=sent, typed=typed, sentence=sentence)
