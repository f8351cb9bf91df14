"""The page of one clinic."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.domain.access import Permission
from directory.services import profiles
from directory.web.access import needs
from directory.web.requests import today

blueprint = Blueprint("clinics", __name__, url_prefix="/clinics")


@blueprint.get("/<public_id>", defaults={"slug": ""})
@blueprint.get("/<public_id>/<slug>")
@needs(Permission.READ_PUBLISHED)
def show(public_id: str, slug: str) -> ResponseReturnValue:
    """Show one clinic; an old or missing name in the address leads to the present one."""
    clinic = profiles.show(public_id, as_of=today())
    if slug != clinic.slug:
        return redirect(url_for("clinics.show", public_id=public_id, slug=clinic.slug), 301)
    return render_template("clinics/show.html", clinic=clinic, results_url=_results_url())


def _results_url() -> str | None:
    """Return the results page that led here, so that the way back needs neither script nor a place in our address."""
    results = url_for("search.nearby")
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if (
        came_from.scheme not in {"http", "https"}
        or came_from.netloc != request.host
        or came_from.path != results
        or not came_from.query
    ):
        return None
    return f"{results}?{came_from.query}"
