import pytest

from directory.domain.approval import READ_ON, STATEMENTS
from directory.domain.checklist import CITABLE
from tests.support.answers import TODAY
from tests.support.checklists import SHIPPED

BY_KEY = {source.key: source for source in SHIPPED.sources}


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.text[:30])
def test_each_statement_has_sources_that_were_read(statement):
    assert statement.sources
    for key in statement.sources:
        assert BY_KEY[key].status in CITABLE
        assert BY_KEY[key].url.startswith("https://")


def test_the_sources_were_read_on_a_day_that_has_been():
    assert READ_ON <= TODAY
