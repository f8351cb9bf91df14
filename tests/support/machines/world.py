"""What every random telling has: people, clinics, a clock that moves, and the rule that a refusal writes nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from sqlalchemy import func, select

from directory.domain.errors import (
    Conflict,
    DirectoryError,
    Forbidden,
    InvalidParameter,
    InvalidTransition,
    NotFound,
    Tied,
)
from directory.domain.ties import TieKind
from directory.extensions import db, reading
from directory.models import AuditEntry, Base
from directory.services import access, audit, scores
from tests.conftest import KEPT
from tests.support.emptying import empty
from tests.support.machines.pages import Pages
from tests.support.machines.people import NAMES, People, three_listings
from tests.support.reviews import NOON

#: What a page answers where the services would raise; what one may not see is not there.
STATUSES = {
    Forbidden: {403, 404},
    NotFound: {404},
    Conflict: {409},
    InvalidTransition: {409},
    InvalidParameter: {422},
}
SOMEBODY = st.sampled_from(NAMES)
#: Mostly those who may; of the others each has another reason why not.
A_MODERATOR = st.sampled_from(["mia", "moe", "adi", "mia", "moe", "adi", "mia", "max", "twin", "bob"])
#: The first is the one made last; Hypothesis prefers small numbers, so that the same is acted on again and again.
ONE = st.integers(0, 5)
RARELY = st.sampled_from([False] * 7 + [True])
SOMETIMES = st.sampled_from([False, False, True])


@dataclass
class Tally:
    """What came of the steps, over all tellings."""

    done: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    answered: Counter = field(default_factory=Counter)

    @property
    def steps(self):
        return self.done.total() + self.refused.total()

    def __str__(self):
        names = sorted({*self.done, *(name for name, _ in self.refused)})
        lines = [f"{self.steps} steps: {self.done.total()} done, {self.refused.total()} refused"]
        for name in names:
            why = {kind: count for (each, kind), count in sorted(self.refused.items()) if each == name}
            refused = ", ".join(f"{kind} {count}" for kind, count in why.items())
            lines.append(f"  {name:<24} {self.done[name]:>6} done   {refused}")
        lines.append(f"  pages: {dict(sorted(self.answered.items()))}")
        return "\n".join(lines)


def act(*, times=1, **drawn):
    """Mark what can happen in a telling: so many times as often as other things, with what is drawn for it."""

    def mark(method):
        method.times, method.drawn = times, drawn
        return method

    return mark


def outcome_of(does):
    """Return what it returns and None, or None and why it was refused."""
    try:
        return does(), None
    except DirectoryError as refused:
        return None, refused


def pick(items, number):
    return items[-1 - number % len(items)]


class World(RuleBasedStateMachine):
    """A telling; `app` and `tally` are those of the class, so that one tally is of many tellings."""

    app = None
    tally = None

    @initialize()
    def begin(self):
        db.session.rollback()
        empty(table for table in reversed(Base.metadata.sorted_tables) if table.name not in KEPT)
        self.at = NOON
        self.people, self.listings = People.made(), three_listings()
        self.reviews, self.revisions, self.rulings, self.told = [], [], [], {}
        self.entries, self.keys = 0, 0
        self.pages = Pages(self.app, self)
        with audit.turn() as session:
            access.declare(session, TieKind.FAMILY, self.id("max"), self.listings[0].number, at=self.at)
        self.people.say("max", self.listings[0], TieKind.FAMILY)
        self.first_steps()

    def first_steps(self):
        """Do what every telling begins with."""

    def teardown(self):
        db.session.remove()

    @act(minutes=st.sampled_from([1, 14, 15, 46, 24 * 60, 24 * 60, 8 * 24 * 60, 31 * 24 * 60]))
    def time_passes(self, *, minutes):
        day = self.at.date()
        self.at += timedelta(minutes=minutes)
        if self.at.date() != day:
            before = self.recorded()
            scores.expire(at=self.at)
            self.entries += self.recorded() - before
            self.nightly()
        self.tally.done["time passes"] += 1

    def nightly(self):
        """Do what is done every night."""

    def attempt(self, name, does, *problems, maybe=()):
        """Return what it returned, or True; False where it was refused, as it must be where there are problems.

        `maybe` are refusals that depend on what this telling does not work out.
        """
        expected, before = {problem for problem in problems if problem}, self.recorded()
        outcome, refused = outcome_of(does)
        db.session.remove()
        if refused is None:
            assert not expected, f"{name} was done in spite of {expected}"
            self.tally.done[name] += 1
            return True if outcome is None else outcome
        kind = Forbidden if isinstance(refused, Tied) else type(refused)  # a refusal for a tie is one of those
        assert kind in expected | set(maybe), f"{name}: {refused!r} and not {expected}"
        assert str(refused)
        assert self.recorded() == before, f"{name} was refused, and entered"
        self.tally.refused[name, type(refused).__name__] += 1
        return False

    def attempt_by_page(self, name, answer, *problems, done=303):
        """Hold the answer of a page against the same; return whether it was done."""
        expected = {problem for problem in problems if problem}
        self.tally.answered[answer.status_code] += 1
        wanted = set().union(*(STATUSES[problem] for problem in expected)) or {done}
        assert answer.status_code in wanted, f"{name}: {answer.status_code} and not {wanted}, {expected}"
        if expected:
            self.tally.refused[name, str(answer.status_code)] += 1
            return False
        self.tally.done[name] += 1
        return True

    def recorded(self):
        with reading() as session:
            return session.scalar(select(func.count()).select_from(AuditEntry))

    def id(self, name):
        return self.people.ids[name]

    def key(self):
        self.keys += 1
        return f"key {self.keys}"
