"""Pages are tested on one engine: what a page shows does not depend on where it was kept.

test_on_postgresql.py opens every route on PostgreSQL; any other test in which the database decides says ON_EACH_ENGINE.
"""

import pytest

from tests.conftest import emptied_after


@pytest.fixture(params=["sqlite"])
def app(request):
    """An application with the whole gazetteer and no clinic; its context is pushed."""
    with emptied_after(request.getfixturevalue(f"{request.param}_app")) as app:
        yield app
