"""Collects measurements and prints each beside its target."""

from collections.abc import Callable, Iterable
from statistics import median
from time import perf_counter
from typing import Any


def milliseconds(action: Callable[[Any], object], items: Iterable[Any]) -> float:
    """Return the median time of `action` over `items`, in milliseconds."""
    times = []
    for item in items:
        began = perf_counter()
        action(item)
        times.append(perf_counter() - began)
    return median(times) * 1000


class Report:
    """Prints rows as they come and remembers what was missed."""

    def __init__(self) -> None:
        self.missed = 0
        self._nearest: dict[tuple[str, int], float] = {}
        self._run = ("", 0)

    def begin(self, engine: str, size: int) -> None:
        """Head the rows of one database."""
        self._run = (engine, size)
        print(f"\n{engine}" + (f", {size:,} clinics" if size else ""))

    def plain(self, name: str, value: str) -> None:
        """Print what helps to read the ratios."""
        print(f"  {name:<58} {value}")

    def ratio(self, name: str, value: float, *, unit: str, goal: float | None, at_least: bool = False) -> None:
        """Print a ratio and its goal; a miss is marked and counted."""
        is_missed = goal is not None and (value < goal if at_least else value > goal)
        self.missed += is_missed
        wanted = "" if goal is None else f"   {'≥' if at_least else '≤'} {goal:g} {unit}"
        print(f"  {name:<58} {value:8.2f} {unit}{wanted}{'   MISSED' if is_missed else ''}")

    def nearest(self, value: float) -> None:
        """Remember the time of the nearest 20, to be compared across sizes."""
        self._nearest[self._run] = value

    def compare(self) -> None:
        """Print how the nearest 20 grow from 100k to 1M."""
        small, large = self._nearest.get(("sqlite", 100_000)), self._nearest.get(("sqlite", 1_000_000))
        if small and large:
            print("\nsqlite, 1,000,000 against 100,000 clinics")
            self.ratio("nearest 20", large / small, unit="×", goal=1.5)
        print(f"\n{self.missed} targets missed" if self.missed else "\nevery target met")
