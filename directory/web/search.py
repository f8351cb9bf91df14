"""The pages that a seeker meets first: home, results, and what the directory is."""

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from directory.domain.access import Permission
from directory.domain.errors import AmbiguousPlace
from directory.services import asking, checklists
from directory.services.asking import Asked
from directory.web.access import needs
from directory.web.forms import SearchForm, parse
from directory.web.links import next_url, same_search
from directory.web.nearby import ask, find

blueprint = Blueprint("search", __name__)


@blueprint.get("/")
@needs(Permission.READ_PUBLISHED)
def home() -> str:
    """Show one search box and what the directory is."""
    return render_template("search/home.html", form=parse(MultiDict()), signs=checklists.current().signs)


@blueprint.get("/search")
@needs(Permission.READ_PUBLISHED)
def nearby() -> ResponseReturnValue:
    """Show the clinics around a place, those of a name, or what to type instead."""
    form = parse(request.args)
    if form.errors:
        return _page("search/invalid.html", 422, form=form)
    if form.is_by_name:
        return _page("search/names.html", 200, form=form, asked=asking.by_name(form.name.data), text=form.name.data)
    asked = ask(form)
    if asked.near:
        return _kept_out(redirect(same_search(asked.near, asked.routes), 303))
    if asked.is_name:
        return _page("search/names.html", 200, form=form, asked=asked, text=form.near.data)
    if asked.place is None:
        return _page("search/place.html", 422, form=form, asked=asked, heading=_heading(asked, form))
    results = find(form, asked.place, with_counts=True)
    return _page("search/nearby.html", 200, form=form, results=results, next_url=next_url("search.nearby", results))


@blueprint.get("/about")
@needs(Permission.READ_PUBLISHED)
def about() -> str:
    """Say what the directory is, where its data comes from and what it does not do."""
    return render_template("search/about.html")


@blueprint.get("/privacy")
@needs(Permission.READ_PUBLISHED)
def privacy() -> str:
    """Say what is kept about a visitor, and what is not."""
    return render_template("search/privacy.html")


@blueprint.get("/favicon.ico")
@needs(Permission.READ_PUBLISHED)
def icon() -> Response:
    """Send the icon to browsers that ask without reading the page."""
    return current_app.send_static_file("img/icon.svg")


def _heading(asked: Asked, form: SearchForm) -> str:
    if isinstance(asked.problem, AmbiguousPlace):
        return gettext("Which place do you mean?")
    if asked.wants_place or not form.near.data:
        return gettext("Type a place to search")
    return gettext("We did not find that place")


def _page(template: str, status: int, **values: object) -> BaseResponse:
    return _kept_out(make_response(render_template(template, **values), status))


def _kept_out(response: BaseResponse) -> BaseResponse:
    # A shared computer must not keep in its cache where somebody looked for help.
    response.headers["Cache-Control"] = "no-store"
    return response
