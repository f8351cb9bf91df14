"""The pages on which an administrator hides a listing after a legal request, and shows it again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain.access import Permission
from directory.domain.errors import InvalidParameter, InvalidTransition
from directory.services import hiding, listing_decisions
from directory.services.hiding import Hideable
from directory.web import interrupted
from directory.web.access import me, needs
from directory.web.language import translated
from directory.web.listing_decisions import blueprint
from directory.web.listing_forms import HideForm, UnhideForm
from directory.web.listing_words import typed
from directory.web.requests import now
from directory.web.suggestion_forms import listed_at

__all__ = ["blueprint"]


def _signed_out(**_address: str) -> ResponseReturnValue:
    """Give back what was typed to somebody whose session ended meanwhile."""
    return interrupted.give_back("moderation.hide", typed(request.form))


@blueprint.get("/hidden")
@needs(Permission.HIDE_LISTING)
def hidden() -> ResponseReturnValue:
    """List what is hidden, and lead from the address of a page to the form that hides it."""
    pasted = request.args.get("page", "")
    if found := listed_at(pasted):
        return redirect(url_for("moderation.hide", public_id=found), 303)
    return render_template("listings/hidden.html", found=hiding.all_hidden(me()), pasted=pasted, today=now().date())


@blueprint.route("/clinics/<public_id>/hide", methods=["GET", "POST"])
@needs(Permission.HIDE_LISTING, signed_out=_signed_out)
def hide(public_id: str) -> ResponseReturnValue:
    """Show the form that hides a listing or shows a hidden one again, and do it."""
    listing = hiding.look_at(public_id, me(), at=now())
    form: HideForm | UnhideForm = UnhideForm() if listing.hidden else HideForm()
    if request.method == "GET":
        return _page(listing, form)
    if ("until" in request.form) is not isinstance(form, HideForm):
        return _page(listing, form, changed=gettext("The listing has changed since you opened this page.")), 409
    if not form.is_complete():
        return _page(listing, form), 422
    try:
        _do(listing, form)
    except InvalidParameter as refused:
        form.refuse(refused.field, translated(refused.sentence))
        return _page(listing, form), 422
    except InvalidTransition as refused:
        return _page(listing, form, changed=translated(refused.sentence)), 409
    return redirect(url_for("moderation.hidden"), 303)


def _do(listing: Hideable, form: HideForm | UnhideForm) -> None:
    who, at = me().account_id, now()
    if isinstance(form, HideForm):
        listing_decisions.hide(listing.public_id, form.hiding(), administrator_id=who, at=at)
        flash(gettext("%(clinic)s is hidden. Its page says so, and since when.", clinic=listing.name))
    else:
        listing_decisions.unhide(listing.public_id, words=form.words.data or "", administrator_id=who, at=at)
        flash(gettext("%(clinic)s is shown again.", clinic=listing.name))


def _page(listing: Hideable, form: HideForm | UnhideForm, changed: str = "") -> str:
    return render_template("listings/hide.html", listing=listing, form=form, changed=changed)
