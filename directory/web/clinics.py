"""The page of one clinic."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.domain.access import Permission
from directory.services import profiles
from directory.web.access import needs
from directory.web.requests import today
from directory.web.ways_back import results_url

blueprint = Blueprint("clinics", __name__, url_prefix="/clinics")


@blueprint.get("/<public_id>", defaults={"slug": ""})
@blueprint.get("/<public_id>/<slug>")
@needs(Permission.READ_PUBLISHED)
def show(public_id: str, slug: str) -> ResponseReturnValue:
    """Show one clinic; an old or missing name in the address leads to the present one."""
    clinic = profiles.show(public_id, as_of=today())
    if slug != clinic.slug:
        return redirect(url_for("clinics.show", public_id=public_id, slug=clinic.slug), 301)
    return render_template("clinics/show.html", clinic=clinic, results_url=results_url())
