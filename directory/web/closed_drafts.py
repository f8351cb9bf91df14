"""What becomes of the form of a review whose clinic has closed: its author can read it, copy it, and throw it away."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain import drafts
from directory.domain.checklist import Checklist
from directory.domain.errors import Conflict
from directory.services import checklists, review_forms
from directory.services import drafts as services
from directory.services.drafts import Filled
from directory.services.review_forms import About, Stored
from directory.web.access import me
from directory.web.language import translated
from directory.web.review_forms import others, typed_version


def show(about: About) -> ResponseReturnValue:
    """Show what its author left in the form of a closed clinic; without anything left, the clinic's page."""
    stored = review_forms.left_open(about.public_id, me().account_id)
    if not stored.fields:
        return redirect(url_for("clinics.show", public_id=about.public_id, slug=about.slug))
    return _page(
        about, stored, stored.fields, typed_version(stored.fields.get(drafts.CHECKLIST, ""), checklists.current())
    )


def act(what: str, about: About, filled: Filled, checklist: Checklist) -> ResponseReturnValue:
    """Throw the draft away, or give what was sent back to be read: nothing of it is kept or handed in."""
    sentence = ""
    try:
        if what == "discard":
            services.discard(about.public_id, filled.author_id, seen_version=filled.seen_version)
            flash(gettext("The draft is thrown away."))
            return redirect(url_for("reviews.mine"), 303)
    except Conflict as refusal:
        sentence = translated(refusal.sentence)
    stored = review_forms.left_open(about.public_id, filled.author_id)
    sent = {**drafts.left_over(checklist, stored.fields), **filled.fields} if filled.fields else stored.fields
    return _page(about, stored, sent, checklist, sentence), 409


def _page(about: About, stored: Stored, fields: Mapping[str, str], checklist: Checklist, sentence: str = "") -> str:
    typed = others(checklist, fields, [name for name in fields if name != drafts.CHECKLIST])
    return render_template("drafts/closed.html", about=about, stored=stored, typed=typed, sentence=sentence)
