"""Gives the official registers whose word anybody can check, as shipped with the package."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from directory.domain.registers import Register, RegisterKind

#: The day as of which registers.csv was put together; no address in it was opened.
AS_OF = date(2026, 11, 21)
#: The hosts of the registers that look across the states, and whom one finds there.
_NATIONAL = {"www.docinfo.org": RegisterKind.PHYSICIANS, "www.nursys.com": RegisterKind.NURSES}


@cache
def hosts() -> frozenset[str]:
    """Return the hosts of all registers, older ones too, in lower case without "www."."""
    every = [host for row in _rows() for host in (row["host"], *row["other_hosts"].split())]
    return frozenset(host.lower().removeprefix("www.") for host in every)


@cache
def of_state(state: str) -> tuple[Register, ...]:
    """Return where a license of a state or territory is looked up, then its boards; empty where none is known."""
    rows = [row for row in _rows() if row["scope"] == "state" and row["jurisdiction"] == state]
    by_kind = [(kind, row) for kind in RegisterKind for row in rows if row["kind"] == kind]
    return tuple(Register(kind, row["name"], row["url"]) for kind, row in by_kind)


@cache
def national() -> tuple[Register, ...]:
    """Return the registers that look across the states, of physicians and then of nurses."""
    by_host = {row["host"]: row for row in _rows() if row["scope"] == "national"}
    return tuple(Register(kind, by_host[host]["name"], by_host[host]["url"]) for host, kind in _NATIONAL.items())


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    text = files("directory").joinpath("registers.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
