"""The pages about reviews: the checklist, explained, in each of its versions."""

from flask import Blueprint, render_template

from directory.domain.access import Permission
from directory.web.access import needs
from directory.web.checklists import find

blueprint = Blueprint("reviews", __name__)


@blueprint.get("/checklist", defaults={"version": None})
@blueprint.get("/checklist/<version>")
@needs(Permission.READ_PUBLISHED)
def checklist(version: str | None) -> str:
    """Explain the checklist, how findings and scores are made, and what stands behind each question."""
    return render_template("reviews/checklist.html", checklist=find(version))
