"""The page of one clinic for moderators: hold its new reviews, and propose that two authors are one person."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import Conflict, InvalidParameter, NotFound
from directory.domain.labels import N_
from directory.services import desk, groups, holds, queue
from directory.services.desk import OpenedClinic, PastReview
from directory.services.queue import OpenedReview
from directory.web import interrupted
from directory.web.access import me, needs
from directory.web.desk_forms import EndForm, HoldForm, LinkForm
from directory.web.language import translated
from directory.web.presenters import day
from directory.web.requests import now

blueprint = Blueprint("desk", __name__, url_prefix="/moderation")

_HELD = N_("New reviews of %(clinic)s are held until %(day)s, and its page says so.")
_ENDED = N_("New reviews of %(clinic)s are decided again.")
_PROPOSED = N_(
    "You proposed that the two accounts are one person. An administrator looks at it; nothing changes before."
)


def _given_back(endpoint: str) -> Callable[..., ResponseReturnValue]:
    """Return what gives the words back to somebody whose session ended meanwhile."""

    def signed_out(**_address: str) -> ResponseReturnValue:
        words = request.form.get("words", "").strip()
        return interrupted.give_back(endpoint, [(gettext("In words"), words)] if words else [])

    return signed_out


@blueprint.route("/clinics/<public_id>", methods=["GET", "POST"])
@needs(Permission.HOLD, signed_out=_given_back("desk.clinic"))
def clinic(public_id: str) -> ResponseReturnValue:
    """Show a clinic with all reviews that were handed in, and hold new ones or end that."""
    opened = desk.look_at(public_id, me(), at=now())
    if request.method == "GET":
        return _page(opened, _form(opened))
    form = EndForm() if request.form.get("do") == "end" else HoldForm()
    if not form.validate():
        return _page(opened, form), 422
    try:
        said = _end(opened, form) if isinstance(form, EndForm) else _hold(opened, form)
    except InvalidParameter as refused:
        form.refuse(refused)
        return _page(opened, form), 422
    except Conflict as refused:
        opened = desk.look_at(public_id, me(), at=now())
        return _page(opened, _form(opened), changed=translated(refused.sentence)), 409
    flash(said)
    return redirect(url_for("desk.clinic", public_id=public_id), 303)


@blueprint.route("/reviews/<public_id>/link", methods=["GET", "POST"])
@needs(Permission.PROPOSE_LINK, signed_out=_given_back("desk.link"))
def link(public_id: str) -> ResponseReturnValue:
    """Propose that the author of a review and that of another are one person."""
    opened = queue.look_at(public_id, me(), at=now())
    others = _others(opened)
    form = LinkForm(others)
    if request.method == "GET":
        return _link_page(opened, form)
    if not form.is_complete():
        return _link_page(opened, form), 422
    try:
        groups.propose(public_id, form.named, words=form.words.data or "", moderator_id=me().account_id, at=now())
    except InvalidParameter as refused:
        form.refuse(refused)
        return _link_page(opened, form), 422
    except (Conflict, NotFound) as refused:
        return _link_page(opened, form, changed=translated(refused.sentence)), 409
    flash(gettext(_PROPOSED))
    return redirect(url_for("moderation.review", public_id=public_id), 303)


def _form(opened: OpenedClinic) -> HoldForm | EndForm:
    return EndForm() if opened.hold else HoldForm()


def _hold(opened: OpenedClinic, form: HoldForm) -> str:
    who, public_id = me().account_id, opened.clinic.public_id
    until = holds.hold(public_id, days=form.number, words=form.words.data or "", moderator_id=who, at=now())
    return gettext(_HELD, clinic=opened.clinic.name, day=day(until))


def _end(opened: OpenedClinic, form: EndForm) -> str:
    holds.end(opened.clinic.public_id, words=form.words.data or "", moderator_id=me().account_id, at=now())
    return gettext(_ENDED, clinic=opened.clinic.name)


def _others(opened: OpenedReview) -> list[PastReview]:
    """Return the other reviews of the same clinic, but one's own and those of the same account; none of an unlisted."""
    if not opened.clinic.is_listed:
        return []
    found = desk.look_at(opened.clinic.public_id, me(), at=now())
    return [each for each in found.reviews if not each.is_own and each.reviewer != opened.reviewer]


def _page(opened: OpenedClinic, form: HoldForm | EndForm, *, changed: str = "") -> str:
    return render_template("desk/clinic.html", desk=opened, form=form, changed=changed)


def _link_page(opened: OpenedReview, form: LinkForm, *, changed: str = "") -> str:
    return render_template("desk/link.html", review=opened, form=form, changed=changed)
