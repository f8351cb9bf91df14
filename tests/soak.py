"""Races by many processes, a long queue cleared by keyboard, and everything at random at great length: `make soak`.

Prints what came of each; exits 1 where a race had no winner or two, or the record does not hold. What is done at random
stops at the first thing that is not as it must be, and says by which steps it came about.
"""

import logging
import multiprocessing
import os
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from random import randrange
from time import monotonic

from directory import create_app
from directory.domain.errors import Conflict
from directory.extensions import db
from directory.models import Decision, Review
from directory.models.base import now
from directory.services import audit, claims, moderation
from tests.conftest import ready_app
from tests.support import browser, keyboard, postgres
from tests.support.engines import ENGINES
from tests.support.machines.telling import tell
from tests.support.machines.world import Tally
from tests.support.reviews import (
    AS_SUBMITTED,
    NOON,
    account,
    accounts,
    approval,
    declined,
    link,
    reviewed_clinic,
    submitted,
)
from tests.support.tables import rows

MAILED = {"at_home_use_offered": ("yes", link())}
#: Long enough for what takes many steps: a suggestion that two agree to, after it was sent back once.
STEPS_OF_A_TELLING = 80


def main():
    arguments = _arguments()
    failures = 0
    logging.disable(logging.CRITICAL)
    for engine in arguments.engines:
        with _database(engine) as (url, folder):
            for app in ready_app(url, folder):
                with app.app_context():
                    failures += race(claim, url, folder, arguments.processes, arguments.claims, f"{engine}: claim")
                    failures += race(decide, url, folder, 2, arguments.decisions, f"{engine}: decide")
                    failures += bool(audit.verify().problem)
                    if engine == "sqlite" and arguments.keyboard:
                        by_keyboard(app, arguments.keyboard)
                    if arguments.steps:
                        at_random(app, arguments.steps, arguments.seed, engine)
    sys.exit(1 if failures else 0)


def race(act, url, folder, processes, rounds, name):  # noqa: PLR0917 - what a race is
    """Let processes act on one review a round, all at once; return the number of rounds that had not one winner."""
    people = accounts(processes)
    reviews = [submitted(reviewed_clinic(), account(), MAILED) for _ in range(rounds)]
    before = len(rows(Decision))
    context = multiprocessing.get_context("spawn")
    start, outcomes = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=work, args=(act, url, str(folder), person, number, reviews, start, outcomes))
        for number, person in enumerate(people)
    ]
    for worker in workers:
        worker.start()
    found = [outcomes.get(timeout=600) for _ in range(processes * rounds)]
    for worker in workers:
        worker.join()
    winners = Counter(number for number, outcome in found if outcome == "won")
    odd = [number for number in range(rounds) if winners[number] != 1]
    kinds = dict(Counter(outcome for _, outcome in found))
    entered = len(rows(Decision)) - before
    came_of_it = f"{kinds}, {entered} decisions, {len(odd)} rounds without one winner"
    print(f"{name}: {processes} processes x {rounds} rounds: {came_of_it}", flush=True)  # noqa: T201 - the script's output
    db.session.rollback()
    return len(odd) + (act is decide and entered != rounds) + len(set(kinds) - {"won", "Conflict"})


def work(act, url, folder, person, number, reviews, start, outcomes):  # noqa: PLR0917 - a process has no closure
    """Be one of those who race."""
    app = create_app({"DATABASE_URL": url}, instance_path=Path(folder))
    with app.app_context():
        for each, review in enumerate(reviews):
            start.wait()
            try:
                act(review, person, number)
                outcomes.put((each, "won"))
            except Conflict:
                outcomes.put((each, "Conflict"))
            except Exception as error:  # noqa: BLE001 - it is counted
                outcomes.put((each, f"{type(error).__name__}: {error}"[:80]))
            db.session.remove()


def claim(review, person, _number):
    claims.claim(review, moderator_id=person, at=NOON)


def decide(review, person, number):
    verdict = approval(*MAILED) if number else declined()
    moderation.decide(review, verdict, moderator_id=person, seen_version=AS_SUBMITTED, at=NOON)


def by_keyboard(app, number):
    for review in rows(Review, Review.status == "submitted"):
        moderation.decide(review.public_id, declined(), moderator_id=account(), seen_version=AS_SUBMITTED, at=now())
    moderator = keyboard.moderator()
    keyboard.wait_for_decisions(number)
    with browser.served(app) as site, browser.chromium() as chromium, browser.opened(chromium) as page:
        keyboard.sign_in(page, site, moderator)
        print(keyboard.clear(page, site, number), flush=True)  # noqa: T201 - as above


def at_random(app, steps, seed, engine):
    """Tell one thing after another until so many steps were done; what was told before is taken out each time."""
    tally, began, part = Tally(), monotonic(), 0
    while tally.steps < steps:
        tell(app, tellings=10, steps=STEPS_OF_A_TELLING, seed=seed + part, tally=tally)
        part += 1
        print(f"{engine}: {tally.steps} steps at random", flush=True)  # noqa: T201 - as above
    print(f"{engine}: seed {seed}, {monotonic() - began:.0f} seconds, {tally}", flush=True)  # noqa: T201 - as above


@contextmanager
def _database(engine):
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/soak.sqlite3", Path(folder)
        else:
            with postgres.server() as address:
                yield f"{address}/postgres", Path(folder)


def _arguments():
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--claims", type=int, default=100, help="rounds of the race for a claim")
    parser.add_argument("--decisions", type=int, default=200, help="rounds in which two decide at once")
    parser.add_argument("--steps", type=int, default=int(os.environ.get("STEPS", "10000")),
                        help="steps done at random on each engine; STEPS in the environment says so too")  # fmt: skip
    parser.add_argument("--seed", type=int, default=randrange(2**32), help="of what is done at random")
    parser.add_argument("--engines", nargs="*", default=ENGINES)
    parser.add_argument("--keyboard", type=int, default=50, help="reviews cleared by keyboard")
    return parser.parse_args()


if __name__ == "__main__":
    main()
