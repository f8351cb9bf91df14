"""The form of a review: opened, saved, handed in; whatever goes wrong, what was typed stays on the page."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from directory.domain import drafts
from directory.domain.access import Permission
from directory.domain.checklist import Checklist, Observer
from directory.domain.drafts import Changed, Fields
from directory.domain.errors import Conflict, DirectoryError, Forbidden, InvalidParameter, NotFound, Tied
from directory.domain.labels import N_
from directory.services import checklists, review_forms
from directory.services import drafts as services
from directory.services.drafts import Filled, NotReady, Overtaken
from directory.services.review_forms import About, ChangeRequest, Opened, Stored
from directory.web import closed_drafts, merged_drafts
from directory.web.access import me, needs, signed_in
from directory.web.language import translated
from directory.web.requests import now, today
from directory.web.review_forms import Other, Shown, counting, others, saved_words, shown, typed_version

blueprint = Blueprint("drafts", __name__, url_prefix="/clinics")

_STATUSES: tuple[tuple[type[DirectoryError], int], ...] = ((Conflict, 409), (Forbidden, 403), (InvalidParameter, 422))
_SIGNED_OUT = N_("You are signed out. What you typed is still on this page, and only here: it is not saved.")
_EXPIRED = N_("This page was open for too long to be taken. What you typed is still on it: press the button once more.")
_ANEW = N_("The checklist changed while you wrote, so nothing was handed in. Look at the questions named below.")
_MERGED = N_(
    "This listing was merged with another, so nothing is saved here. Press “Save draft”: what you typed comes with you."
)
_CLOSED = N_("This clinic was recorded as closed, so nothing is saved here any more. Copy what you want to keep.")
_TIED = N_("Because of your tie to this clinic, its review has to come from somebody else. Your draft is kept.")
_NOTHING_CHANGED = Changed((), (), ())


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """Everything that the page of the form shows beside its fields; `sentence` is what happened, or ""."""

    about: About
    checklist: Checklist
    shown: Shown
    stored: Stored
    sentence: str = ""
    is_signed_out: bool = False
    is_tied: bool = False
    undecided: str | None = None
    asked: ChangeRequest | None = None
    is_update: bool = False
    changed: Changed = _NOTHING_CHANGED
    left_over: list[Other] = field(default_factory=list)
    theirs: list[Other] = field(default_factory=list)

    @property
    def is_handed_in(self) -> bool:
        """Whether there is nothing to fill in: an undecided review stands in the way, and nothing was sent."""
        return self.undecided is not None and not self.sentence


def _without_session(public_id: str) -> ResponseReturnValue:
    """Show the form as it was sent by somebody whose session, or whose page, ran out."""
    is_out = signed_in() is None
    form = _sent()
    stored = Stored(key=form.key, version=form.version)
    about = review_forms.about(public_id)
    page = FormPage(
        about=about,
        checklist=form.checklist,
        shown=shown(form.checklist, form.fields, about.hosts, today()),
        stored=stored,
        sentence=gettext(_SIGNED_OUT if is_out else _EXPIRED),
        is_signed_out=is_out,
    )
    return _render(page), 401 if is_out else 400


def _without_session_in_json(public_id: str) -> ResponseReturnValue:
    """Tell the script that nothing was saved; one whose page ran out gets what it needs to try again."""
    about = review_forms.about(public_id)
    if signed_in() is None:
        return jsonify({"message": gettext(_SIGNED_OUT), "clinic": about.public_id}), 401
    return jsonify({"message": gettext(_EXPIRED), "token": generate_csrf()}), 400


@blueprint.route("/<public_id>/review", methods=["GET", "POST"])
@needs(Permission.WRITE_REVIEW, signed_out=_without_session)
def edit(public_id: str) -> ResponseReturnValue:
    """Show the form, or do with it what its button says; of a listing that closed or was merged, what can be done."""
    try:
        return _edited(public_id)
    except NotFound:
        return _gone(review_forms.about(public_id))


def _gone(about: About) -> ResponseReturnValue:
    """Give what was typed back where the clinic has closed, or take it to the listing into which it was merged."""
    if request.method == "GET":
        return closed_drafts.show(about) if about.is_closed else merged_drafts.show(about.public_id)
    form = _sent()
    filled = form.filled(about.public_id)
    if about.is_closed:
        return closed_drafts.act(form.act, about, filled, form.checklist)
    return merged_drafts.act(form.act, filled, form.checklist, at=now())


def _edited(public_id: str) -> ResponseReturnValue:
    opened = review_forms.open_form(public_id, me().account_id, checklists.current())
    if request.method == "GET":
        return _render(_opened(opened))
    form = _sent()
    try:
        return _ACTS.get(form.act, _save)(opened, form, now())
    except (Conflict, Forbidden, InvalidParameter) as refusal:
        status = next(status for kind, status in _STATUSES if isinstance(refusal, kind))
        return _render(_refused(opened, form, refusal)), status


@blueprint.get("/<public_id>/review/called")
@needs(Permission.WRITE_REVIEW)
def called(public_id: str) -> str:
    """Show the form to somebody who called the clinic: as they left it, with that way of knowing ticked."""
    opened = review_forms.open_form(public_id, me().account_id, checklists.current())
    fields = {**opened.stored.fields, drafts.field("knows", Observer.PHONE): "y"}
    return _render(_opened(replace(opened, stored=replace(opened.stored, fields=fields))))


@blueprint.post("/<public_id>/review/draft")
@needs(Permission.WRITE_REVIEW, signed_out=_without_session_in_json)
def autosave(public_id: str) -> ResponseReturnValue:
    """Save the draft for the script, and tell it what each answer will count as."""
    about = review_forms.about(public_id)
    form = _sent()
    try:
        stored = services.save(form.filled(public_id), form.checklist, at=now())
    except NotFound:
        return jsonify({"message": gettext(_CLOSED if about.is_closed else _MERGED)}), 409
    except (Conflict, InvalidParameter) as refusal:
        return jsonify({"message": translated(refusal.sentence)}), 409 if isinstance(refusal, Conflict) else 422
    saved_at = stored.saved_at or now()
    return jsonify({
        "version": stored.version, "key": stored.key, "saved": saved_words(saved_at), "token": generate_csrf(),
        "counting": counting(form.checklist, form.fields, about.hosts, today()),
    })  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form as it came in: what was typed, in which version of the checklist, and which button was pressed."""

    checklist: Checklist
    fields: Fields
    key: str
    version: int
    act: str

    def filled(self, clinic: str) -> Filled:
        """Return it as the service takes it."""
        return Filled(
            clinic=clinic, author_id=me().account_id, fields=self.fields, key=self.key, seen_version=self.version
        )


def _sent() -> Sent:
    checklist = typed_version(request.form.get("checklist", ""), checklists.current())
    return Sent(
        checklist=checklist,
        fields=drafts.kept(checklist, request.form),
        key=request.form.get("key", ""),
        version=request.form.get("version", 0, type=int),
        act=request.form.get("do", ""),
    )


def _save(opened: Opened, form: Sent, at: datetime) -> ResponseReturnValue:
    services.save(form.filled(opened.about.public_id), form.checklist, at=at)
    return redirect(url_for("drafts.edit", public_id=opened.about.public_id, _anchor="saved"), 303)


def _submit(opened: Opened, form: Sent, at: datetime) -> ResponseReturnValue:
    if form.checklist.version != opened.checklist.version and not opened.undecided:
        services.save(form.filled(opened.about.public_id), form.checklist, at=at)
        raise Conflict(_ANEW)
    review = services.submit(form.filled(opened.about.public_id), form.checklist, at=at)
    flash(gettext("Thank you. Your review was handed in, and a moderator will read it."))
    return redirect(url_for("reviews.show", public_id=review), 303)


def _discard(opened: Opened, form: Sent, _at: datetime) -> ResponseReturnValue:
    services.discard(opened.about.public_id, me().account_id, seen_version=form.version)
    flash(gettext("The draft is thrown away."))
    return redirect(url_for("reviews.mine"), 303)


_ACTS = {"save": _save, "submit": _submit, "discard": _discard}


def _opened(opened: Opened) -> FormPage:
    fields = opened.stored.fields
    left = drafts.left_over(opened.checklist, fields)
    before = typed_version(fields.get(drafts.CHECKLIST, ""), opened.checklist)
    return FormPage(
        about=opened.about,
        checklist=opened.checklist,
        shown=shown(opened.checklist, fields, opened.about.hosts, today()),
        stored=opened.stored,
        undecided=opened.undecided,
        asked=opened.asked,
        is_update=opened.is_update,
        changed=opened.changed,
        left_over=others(before, left, left),
    )


def _refused(before: Opened, form: Sent, refusal: DirectoryError) -> FormPage:
    """Return the form as it was sent, with what stands against it; its next save is one that has seen what is kept."""
    opened = review_forms.open_form(before.about.public_id, me().account_id, checklists.current())
    problems = refusal.problems if isinstance(refusal, NotReady) else {}
    stored = refusal.stored if isinstance(refusal, Overtaken) else opened.stored
    differing = drafts.differing(form.fields, drafts.kept(form.checklist, stored.fields))
    left = drafts.left_over(opened.checklist, {**stored.fields, **form.fields})
    is_tied = isinstance(refusal, Tied)
    return replace(
        _opened(opened),
        shown=shown(opened.checklist, form.fields, opened.about.hosts, today(), problems),
        stored=stored,
        sentence="" if problems else gettext(_TIED) if is_tied else translated(refusal.sentence),
        is_tied=is_tied,
        left_over=others(form.checklist, left, left),
        theirs=others(form.checklist, stored.fields, differing) if isinstance(refusal, Overtaken) else [],
    )


def _render(page: FormPage) -> str:
    return render_template("drafts/edit.html", page=page)
