"""Gives the official registers whose word anybody can check, as shipped with the package."""

import csv
from functools import cache
from importlib.resources import files


@cache
def hosts() -> frozenset[str]:
    """Return the hosts of all registers, older ones too, in lower case without "www."."""
    text = files("directory").joinpath("registers.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    every = [host for row in rows for host in (row["host"], *row["other_hosts"].split())]
    return frozenset(host.lower().removeprefix("www.") for host in every)
