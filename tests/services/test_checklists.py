import pytest

from directory.domain.checklist import PUBLISHED
from directory.services import checklists


def test_the_newest_published_version_is_the_current_one():
    assert checklists.current() is checklists.version("2026.1")
    assert checklists.current().version == list(PUBLISHED)[-1] == "2026.1"


def test_each_published_version_is_the_text_that_was_published():
    for version, sha256 in PUBLISHED.items():
        assert (checklists.version(version).version, checklists.version(version).sha256) == (version, sha256)


@pytest.mark.parametrize("version", ["2025.9", "", "../2026.1", "2026-1"])
def test_no_other_version_is_given(version):
    with pytest.raises(KeyError):
        checklists.version(version)


def test_a_text_that_is_not_the_published_one_is_not_used(monkeypatch):
    monkeypatch.setitem(PUBLISHED, "2026.1", "0" * 64)

    with pytest.raises(ValueError, match=r"2026\.1 is not the text that was published"):
        checklists.version.__wrapped__("2026.1")
