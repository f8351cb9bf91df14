"""The JSON of the directory, version 1: read-only, no key needed."""

from directory.web.api.clinics import blueprint

__all__ = ["blueprint"]
