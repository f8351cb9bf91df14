"""A table that stands in a statement a second time."""

from functools import cache
from typing import Any

from sqlalchemy.orm import aliased

from directory.models import Base


@cache
def called(name: str, model: type[Base]) -> Any:
    """Return the alias of a model that has this name, the same one each time.

    An alias copies every column of its table, which takes longer than a small statement does. Two that may meet in one
    statement need names of their own.
    """
    return aliased(model, name=name)
