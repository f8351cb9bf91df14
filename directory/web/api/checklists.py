"""The checklist as JSON: every question with what stands behind it."""

from flask import Blueprint, Response, jsonify

from directory.domain.access import Permission
from directory.domain.checklist import Checklist, Criterion, Source
from directory.domain.scoring import SCORER
from directory.web.access import needs
from directory.web.checklists import find

blueprint = Blueprint("api_checklists", __name__, url_prefix="/api/v1")

_AS_THEY_ARE = (
    "slug", "group", "name", "question", "ask", "why", "evidence", "mistaken", "shelf_days", "not_applicable",
    "is_about_published_words", "is_core", "is_critical", "points", "contested",
)  # fmt: skip


@blueprint.get("/checklist", defaults={"version": None})
@blueprint.get("/checklist/<version>")
@needs(Permission.READ_PUBLISHED)
def checklist(version: str | None) -> Response:
    """Answer with a published version of the checklist, the newest where none is named."""
    return jsonify(_checklist_as_json(find(version)))


def _checklist_as_json(checklist: Checklist) -> dict[str, object]:
    return {
        "version": checklist.version,
        "published_on": checklist.published_on.isoformat(),
        "sha256": checklist.sha256,
        "scorer": SCORER,
        "groups": [{"slug": group.slug, "name": group.name} for group in checklist.groups],
        "signs": [_criterion(sign) for sign in checklist.signs],
        "safeguards": [_criterion(safeguard) for safeguard in checklist.safeguards],
        "sources": {source.key: _source(source) for source in checklist.sources},
    }


def _criterion(criterion: Criterion) -> dict[str, object]:
    return {name: getattr(criterion, name) for name in _AS_THEY_ARE} | {
        "against": criterion.against.value,
        "values": [value.value for value in criterion.values],
        "observable_by": [observer.value for observer in criterion.observable_by],
        "sources": [source.key for source in criterion.sources],
    }


def _source(source: Source) -> dict[str, object]:
    names = ("status", "title", "body", "year", "url", "says")
    return {name: getattr(source, name) for name in names}
