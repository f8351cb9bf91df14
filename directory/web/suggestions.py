"""The forms of suggestions about listings: a clinic that is missing, a fact that is wrong, a move, a closing."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, Forbidden, InvalidParameter, InvalidTransition, NotFound
from directory.domain.facts import Facts
from directory.domain.labels import N_
from directory.domain.revisions import RevisionKind
from directory.services import own_revisions, revisions, suggestible
from directory.services.duplicates import Duplicates
from directory.services.own_revisions import ListingStep, ShownRevision
from directory.services.revisions import PossibleDuplicates, Proposal, Suggestion
from directory.services.suggestible import Suggestible
from directory.web.access import me, needs, signed_in
from directory.web.language import translated
from directory.web.requests import now
from directory.web.suggestion_forms import FORMS, SELDOM, MergeForm, SuggestionForm, as_json
from directory.web.suggestion_words import one_line, typed, why_back, wording

blueprint = Blueprint("suggestions", __name__)

_KEY_BYTES = 24
#: More were never shown of what looks alike.
_MOST_LOOKED_AT = 200
_SIGNED_OUT = N_("You are signed out. What you typed is still on this page, and only here: it is not handed in.")
_EXPIRED = N_("This page was open for too long to be taken. What you typed is still on it: press the button once more.")
_THANKS = N_("Thank you. It was handed in, and a moderator will look at the source.")
_NOT_NOW = N_("This cannot be suggested of the listing as it stands now.")
#: What goes along unseen, so that the form of somebody who was signed out is whole.
_KEPT = ("kind", "clinic", "version", "despite")


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """Everything that the page of a form shows beside its fields; `kept` goes along unseen."""

    kind: RevisionKind
    form: SuggestionForm
    action: str
    clinic: str = ""
    about: Suggestible | None = None
    sentence: str = ""
    is_signed_out: bool = False
    instead: str = ""
    asked: ListingStep | None = None
    alike: Duplicates = field(default_factory=Duplicates)
    kept: Sequence[tuple[str, str]] = ()

    @property
    def heading(self) -> str:
        """What the form is for."""
        return gettext(wording(self.kind).heading, clinic=self.clinic)

    @property
    def button(self) -> str:
        """What its button says."""
        handing_in = gettext(wording(self.kind).button)
        return (
            gettext("It is none of these. %(hand_in)s", hand_in=handing_in) if self.asks_whether_alike else handing_in
        )

    @property
    def asks_whether_alike(self) -> bool:
        """Whether the author is asked if the clinic is one of those that look alike."""
        return self.kind is RevisionKind.NEW and bool(self.alike.shown)

    @property
    def is_rest_open(self) -> bool:
        """Whether what is seldom known should be seen at once."""
        return any(self.form[name].data or self.form[name].errors for name in SELDOM)


def _without_session(**address: Any) -> ResponseReturnValue:
    """Show the form as it was sent by somebody whose session, or whose page, ran out."""
    is_out = signed_in() is None
    page = replace(_as_sent(_SIGNED_OUT if is_out else _EXPIRED, **address), is_signed_out=is_out)
    return _render(page), 401 if is_out else 400


def _as_sent(sentence: str, **address: Any) -> FormPage:
    """Return the form as it was sent, with what is to be said of it, whatever became of its listing."""
    kind = _kind(request.form.get("kind", "")) or RevisionKind.NEW
    return FormPage(
        kind=kind,
        form=_form(kind),
        action=url_for(request.endpoint or "", kind=request.args.get("kind"), **address),
        clinic=request.form.get("clinic", ""),
        sentence=gettext(sentence),
        kept=[(name, value) for name in _KEPT for value in request.form.getlist(name)],
    )


@blueprint.route("/clinics/propose", methods=["GET", "POST"])
@needs(Permission.SUGGEST_LISTING, signed_out=_without_session)
def propose() -> ResponseReturnValue:
    """Show the form for a clinic that is not listed, or hand it in; what looks alike is shown first."""
    kind = RevisionKind.NEW
    page = FormPage(kind=kind, form=_form(kind), action=url_for("suggestions.propose"), kept=_going_along(kind))
    return _answer(page, _proposed)


@blueprint.route("/clinics/<public_id>/suggest", methods=["GET", "POST"])
@needs(Permission.SUGGEST_LISTING, signed_out=_without_session)
def suggest(public_id: str) -> ResponseReturnValue:
    """Show the form for a change of a listing, or hand it in; without a kind offer those that there are."""
    is_sent = request.method == "POST"
    try:
        about = suggestible.look_at(public_id)
    except NotFound as gone:
        if not is_sent:
            raise
        return _render(_as_sent(gone.sentence.message, public_id=public_id)), 404
    kind = _kind(request.args.get("kind", ""))
    if kind not in about.kinds:
        if is_sent:
            return _render(_as_sent(_NOT_NOW, public_id=public_id)), 409
        sentence = gettext(_NOT_NOW) if kind else ""
        return render_template("suggestions/choose.html", clinic=about, sentence=sentence), 409 if kind else 200
    page = FormPage(
        kind=kind,
        form=_form(kind, about.facts),
        action=url_for("suggestions.suggest", public_id=public_id, kind=kind.value),
        clinic=about.name,
        about=about,
        kept=_going_along(kind, about.name),
    )
    at, who = now(), me().account_id
    return _answer(
        _with_choices(page),
        lambda form: revisions.suggest(public_id, _suggestion(kind, form), author_id=who, at=at),
    )


@blueprint.route("/suggestions/<public_id>/change", methods=["GET", "POST"])
@needs(Permission.READ_OWN_SUGGESTION, signed_out=_without_session)
def change(public_id: str) -> ResponseReturnValue:
    """Show again what a moderator sent back, or hand it in with changes."""
    own = own_revisions.show(public_id, me().account_id)
    form = _form(own.kind, _standing(own), own)
    if isinstance(form, MergeForm) and own.target:
        form.offer([(own.target.public_id, own.target.name)])
    page = FormPage(
        kind=own.kind,
        form=form,
        action=url_for("suggestions.change", public_id=public_id),
        clinic=own.clinic.name,
        asked=why_back(own),
        kept=_going_along(own.kind, own.clinic.name, str(own.version)),
    )
    return _answer(page, lambda filled: _handed_in_again(own, filled))


def _answer(page: FormPage, hand_in: Callable[[SuggestionForm], str]) -> ResponseReturnValue:
    """Show a form, or hand in what was sent by it; whatever goes wrong, what was typed stays on the page."""
    if request.method == "GET":
        return _render(page)
    if not page.form.validate():
        return _render(page), 422
    try:
        handed_in = hand_in(page.form)
    except InvalidParameter as refused:
        page.form.refuse(refused.field, translated(refused.sentence))
        return _render(page), 422
    except PossibleDuplicates as refused:
        seen = {*_looked_at(), *(each.public_id for each in refused.found.shown)}
        kept = [*page.kept, *(("despite", each) for each in sorted(seen))]
        return _render(replace(page, alike=refused.found, kept=kept)), 409
    except (Conflict, InvalidTransition, Forbidden) as refused:
        sentence = translated(refused.sentence)
        page = replace(page, sentence=sentence, instead=url_for("suggestions.mine"))
        return _render(page), 403 if isinstance(refused, Forbidden) else 409
    flash(gettext(_THANKS))
    return redirect(url_for("suggestions.show", public_id=handed_in), 303)


def _proposed(form: SuggestionForm) -> str:
    seen = _looked_at() if request.form.get("do") == "despite" else ()
    return revisions.propose(
        Proposal(
            fields=form.typed(),
            source=form.cited(),
            words=form.words.data or "",
            key=form.key.data or "",
            tie=form.declared,
            despite=frozenset(seen),
        ),
        author_id=me().account_id,
        at=now(),
    )


def _looked_at() -> list[str]:
    """Return the listings that were shown as possibly the same clinic."""
    return request.form.getlist("despite")[:_MOST_LOOKED_AT]


def _handed_in_again(own: ShownRevision, form: SuggestionForm) -> str:
    stated = form.typed() if own.kind is RevisionKind.NEW else form.changed()
    suggestion = replace(_suggestion(own.kind, form), fields=stated, target=own.target.public_id if own.target else "")
    version = request.form.get("version", 0, type=int)
    revisions.submit_again(own.public_id, suggestion, author_id=me().account_id, seen_version=version, at=now())
    return own.public_id


def _suggestion(kind: RevisionKind, form: SuggestionForm) -> Suggestion:
    return Suggestion(
        kind=kind,
        fields=form.changed(),
        target=form.stays if isinstance(form, MergeForm) else "",
        source=form.cited(),
        words=form.words.data or "",
        key=form.key.data or "",
        tie=form.declared,
    )


def _kind(word: str) -> RevisionKind | None:
    return RevisionKind(word) if word in set(RevisionKind) else None


def _form(kind: RevisionKind, standing: Facts | None = None, own: ShownRevision | None = None) -> SuggestionForm:
    """Return a form with what was sent, or else with the facts as they stand and what its author suggested of them."""
    shown = typed(standing or {})
    begun: dict[str, Any] = dict(shown) | {"key": secrets.token_urlsafe(_KEY_BYTES), "opened_with": as_json(shown)}
    if own:
        begun |= typed(own.fields) | {
            "link": own.source.url,
            "source": own.source.title,
            "seen_on": own.source.seen_on.isoformat(),
            "words": own.words,
            "target": own.target.public_id if own.target else "",
        }
    return FORMS[kind](data=begun)


def _standing(own: ShownRevision) -> Facts:
    """Return the facts of the listing as they stand; none where it is not listed."""
    try:
        return suggestible.look_at(own.clinic.public_id).facts
    except NotFound:
        return {}


def _going_along(kind: RevisionKind, clinic: str = "", version: str = "") -> list[tuple[str, str]]:
    """Return what a form sends beside its fields, so that it can be shown again to somebody whose session ended."""
    return [(name, value) for name, value in (("kind", kind.value), ("clinic", clinic), ("version", version)) if value]


def _with_choices(page: FormPage) -> FormPage:
    """Return the page with the listings that look alike, where one of them may be the one that stays."""
    if not (isinstance(page.form, MergeForm) and page.about):
        return page
    alike = suggestible.alike(page.about.public_id)
    page.form.offer((each.public_id, f"{each.name}, {one_line(each)}") for each in alike.shown)
    return replace(page, alike=alike)


def _render(page: FormPage) -> str:
    return render_template("suggestions/form.html", page=page)
