"""Gives the published versions of the checklist, each read once from the package."""

from functools import cache
from importlib.resources import files

from directory.domain.checklist import PUBLISHED, Checklist, parse


@cache
def version(name: str) -> Checklist:
    """Return a published version; KeyError for any other name, ValueError where its text is not what was published."""
    published = PUBLISHED[name]
    text = files("directory").joinpath("checklists", f"{name.replace('.', '-')}.toml").read_text(encoding="utf-8")
    checklist = parse(text)
    if checklist.sha256 != published:
        raise ValueError(f"checklist {name} is not the text that was published; another meaning is another version")
    return checklist


def current() -> Checklist:
    """Return the newest published version."""
    return version(list(PUBLISHED)[-1])
