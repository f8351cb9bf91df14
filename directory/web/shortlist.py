"""The shortlist: kept by the browser alone, so the page is the same for everybody and a script fills it."""

from flask import Blueprint, Flask, render_template

from directory.domain.access import Permission
from directory.domain.findings import Verdict
from directory.services import checklists
from directory.services.comparisons import MOST
from directory.web.access import needs

blueprint = Blueprint("shortlist", __name__)

#: A dull page of the government that nobody asks about, for whoever has to leave ours at once.
NEUTRAL_PAGE = "https://www.weather.gov/"


def init_app(app: Flask) -> None:
    """Put the page on `app`, and give every page the way out."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["neutral_page"] = NEUTRAL_PAGE


@blueprint.get("/shortlist")
@needs(Permission.READ_PUBLISHED)
def show() -> str:
    """Show the page that a script fills with what this browser keeps."""
    return render_template("shortlist/show.html", signs=checklists.current().signs, verdicts=list(Verdict), most=MOST)
