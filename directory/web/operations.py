"""For operators: is the process up, and is it ready to serve."""

from flask import Blueprint, Response, jsonify

from directory.domain.access import Permission
from directory.services import readiness
from directory.web.access import needs

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@needs(Permission.READ_PUBLISHED)
def health() -> Response:
    """Answer while the process runs; the database is not asked."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@needs(Permission.READ_PUBLISHED)
def ready() -> tuple[Response, int]:
    """Answer 200 when the database is migrated and the gazetteer loaded, else 503 with the commands to run."""
    missing = readiness.missing_steps()
    return jsonify({"status": "not ready" if missing else "ready", "run": missing}), 503 if missing else 200
