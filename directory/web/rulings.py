"""The pages on which moderators rule on signs: which critical ones wait, and the evidence and the forms of one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidParameter
from directory.domain.labels import N_
from directory.services import notices, rulings, signs
from directory.services.rulings import ClinicSign
from directory.services.signs import OpenedSign
from directory.web import findings, interrupted
from directory.web.access import me, needs
from directory.web.language import translated
from directory.web.letters import site
from directory.web.presenters import day
from directory.web.requests import now
from directory.web.ruling_forms import ConfirmForm, RemedyForm

blueprint = Blueprint("rulings", __name__, url_prefix="/moderation")

_CONFIRMED = N_("You confirmed this sign. It is shown as confirmed from %(day)s on, once two of you have.")
_MENDED = {
    True: N_("Two of you found it mended. What was reported until that day no longer counts."),
    False: N_("You found it mended. It counts once a second moderator rules so for the same day."),
}
_LABELS = {"told-words": N_("Whom you told, and what"), "mended-reason": N_("What it mended, and where you saw it")}


@blueprint.get("/signs")
@needs(Permission.RULE)
def waiting() -> str:
    """List the critical signs that await confirmation."""
    found = signs.waiting(me(), at=now(), after=request.args.get("after", ""))
    return render_template("rulings/waiting.html", found=found)


def _signed_out(**_address: str) -> ResponseReturnValue:
    """Give back what was typed to somebody whose session ended meanwhile."""
    kept = [(gettext(label), request.form[name]) for name, label in _LABELS.items() if request.form.get(name)]
    return interrupted.give_back("rulings.sign", kept)


@blueprint.route("/clinics/<public_id>/signs/<criterion>", methods=["GET", "POST"])
@needs(Permission.RULE, signed_out=_signed_out)
def sign(public_id: str, criterion: str) -> ResponseReturnValue:
    """Show a sign with its evidence and what was ruled on it, and rule on it."""
    asked = ClinicSign(public_id, criterion)
    opened = signs.look_at(asked, me(), at=now())
    confirming, mending = ConfirmForm(), RemedyForm()
    if request.method == "GET":
        return _page(opened, confirming, mending)
    rule = _mend if request.form.get("do") == "remedy" else _confirm
    try:
        said = rule(asked, opened, mending if rule is _mend else confirming)
    except InvalidParameter as refused:
        (mending if rule is _mend else confirming).refuse(refused)
        said = ""
    except Conflict as refused:
        return _page(opened, confirming, mending, changed=translated(refused.sentence)), 409
    if not said:
        return _page(opened, confirming, mending), 422
    flash(said)
    return redirect(url_for("rulings.sign", public_id=public_id, criterion=criterion), 303)


def _confirm(asked: ClinicSign, opened: OpenedSign, form: ConfirmForm) -> str:
    """Confirm, and return what to say of it; "" where something is missing in the form."""
    must_say = opened.told is None and not opened.has_address
    if must_say and not form.is_complete():
        return ""
    told = form.told() if must_say else None
    page = site("clinics.show", public_id=asked.clinic, slug=opened.clinic.slug)
    shown_on = notices.confirm(asked, told, site=page, moderator_id=me().account_id, at=now())
    return gettext(_CONFIRMED, day=day(shown_on))


def _mend(asked: ClinicSign, _opened: OpenedSign, form: RemedyForm) -> str:
    """Rule it mended, and return what to say of it; "" where something is missing in the form."""
    if not form.validate():
        return ""
    words, at = form.reason.data or "", now()
    counts = rulings.remedy(asked, mended_on=form.day, moderator_id=me().account_id, words=words, at=at)
    return gettext(_MENDED[counts])


def _page(opened: OpenedSign, confirming: ConfirmForm, mending: RemedyForm, *, changed: str = "") -> str:
    return render_template(
        "rulings/sign.html",
        sign=opened,
        found=findings.shown(opened.state.entry),
        confirming=confirming,
        mending=mending,
        changed=changed,
    )
