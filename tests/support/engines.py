"""Names the engines that the tests run on, and says for a test or a module which of them it needs.

Both, where the database decides: SQL, constraints, triggers, locks, collation, dates, NUL and hostile text, migrations.
One, where it only keeps what is shown: pages, forms, words of mails.
"""

import pytest

ENGINES = ("sqlite", "postgresql")
ON_ONE_ENGINE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("app", ["postgresql"], indirect=True)
#: For the tests of a folder whose `app` is on one engine.
ON_EACH_ENGINE = pytest.mark.parametrize("app", ENGINES, indirect=True)
