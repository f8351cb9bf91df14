from datetime import UTC, datetime, timedelta

from directory.models import Review
from directory.services import drafts
from directory.services.drafts import Filled
from tests.support.checklists import SHIPPED
from tests.support.reviews import account, reviewed_clinic
from tests.support.tables import rows


def test_drafts_that_ran_out_are_deleted_and_counted(app):
    author, now = account(), datetime.now(UTC)
    for days in (91, 92, 1):
        clinic = reviewed_clinic()["public_id"]
        form = Filled(clinic=clinic, author_id=author, fields={"tie": "none"}, key=clinic, seen_version=0)
        drafts.save(form, SHIPPED, at=now - timedelta(days=days))

    first, second = (app.test_cli_runner().invoke(args=["drafts", "expire"]) for _ in range(2))

    assert (first.exit_code, first.output) == (0, "Drafts deleted: 2.\n")
    assert (second.output, len(rows(Review))) == ("Drafts deleted: 0.\n", 1)
