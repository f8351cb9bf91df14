"""All machines at once, and how they are run."""

import inspect

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from directory.domain.ties import TieKind
from tests.support.machines.invariants import Invariants
from tests.support.machines.listing_decisions import ListingDecisions
from tests.support.machines.world import ONE, SOMEBODY, Tally, act, pick

PAGES = [
    "/clinics/{clinic}", "/clinics/{clinic}/review", "/clinics/{clinic}/questions", "/clinics/propose",
    "/clinics/{clinic}/suggest?kind=merge", "/api/v1/clinics/{clinic}", "/api/v1/clinics/{clinic}/case", "/log",
    "/reviews", "/reviews/{review}", "/suggestions", "/suggestions/{suggestion}", "/suggestions/{suggestion}/change",
    "/moderation", "/moderation?kind=listing", "/moderation?view=asked", "/moderation?view=decided",
    "/moderation/approved", "/moderation/signs", "/moderation/signs/again", "/moderation/hidden",
    "/moderation/reviews/{review}", "/moderation/reviews/{review}/void", "/moderation/reviews/{review}/link",
    "/moderation/listings/{suggestion}", "/moderation/clinics/{clinic}", "/moderation/clinics/{clinic}/hide",
    "/moderation/clinics/{clinic}/signs/at_home_use_offered",
]  # fmt: skip


class Telling(Invariants, ListingDecisions):
    """Reviews, rulings, holds and listings of one directory."""

    def first_steps(self):
        for who, where in (("ann", 0), ("bob", 0), ("mia", 2)):
            self.hand_in(who=who, where=where, said="both", tie=TieKind.NONE, again=False, which=0)
        self.suggest(who="bob", where=0, kind="merge", to=1, tie=TieKind.NONE, again=False)

    @act(times=4, who=SOMEBODY, page=st.sampled_from(PAGES), where=ONE, which=ONE)
    def look_at_a_page(self, *, who, page, where, which):
        ids = {
            "clinic": pick(self.listings, where).public_id, "review": pick(self.reviews, which).public_id,
            "suggestion": pick(self.revisions, which).public_id,
        }  # fmt: skip
        answer = self.pages.get(who, page.format(**ids))
        self.tally.answered[answer.status_code] += 1
        self.tally.done["look at a page"] += 1


ACTS = {name: each for name, each in inspect.getmembers(Telling) if hasattr(each, "drawn")}
OFTEN = [name for name, each in ACTS.items() for _ in range(each.times)]
#: So far it is from one act to the next where all that is drawn is the same.
_APART = 11


class Steps(Telling):
    """One rule for all that happens: of many rules Hypothesis would leave most out of each telling."""

    count = 0

    @rule(data=st.data())
    def step(self, data):
        self.count += 1
        name = OFTEN[(data.draw(st.integers(0, len(OFTEN) - 1)) + self.count * _APART) % len(OFTEN)]
        drawn = data.draw(st.fixed_dictionaries(ACTS[name].drawn))
        hypothesis.note(f"{name}: {drawn}")
        getattr(self, name)(**drawn)


def tell(app, *, tellings, steps, seed=None, tally=None):
    """Run so many tellings of so many steps against an application whose context is pushed; return the tally.

    Without a seed every run draws the same; a tally that is given goes on.
    """
    machine = type("Told", (Steps,), {"app": app, "tally": tally or Tally()})
    how = settings(
        max_examples=tellings, stateful_step_count=steps, deadline=None, database=None, derandomize=seed is None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(machine if seed is None else hypothesis.seed(seed)(machine), settings=how)
    return machine.tally
