"""The JSON of the directory, version 1: read-only, no key needed."""

from directory.web.api import checklists, clinics, places

blueprints = (clinics.blueprint, checklists.blueprint, places.blueprint)

__all__ = ["blueprints"]
