"""What happened to the demonstration's clinics: who answered what, how many days ago, and what moderators decided.

The first four clinics of every city have the first four stories, so that each grade and each finding stands near any
city; the others in a metropolis have the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from directory.domain.moderation import Action, Outcome, Reason

HOME, HISTORY, DOCTOR = "at_home_use_offered", "no_detailed_history", "no_physician_on_staff"
CURE, INSTANT = "cure_all_claims", "instant_permanent_promises"


class By(StrEnum):
    """What an answer rests on."""

    LINK = "link"
    PAGES = "pages"
    DOCUMENT = "document"
    TOLD = "told"


class Found(NamedTuple):
    """An answer, and what it rests on."""

    value: str
    by: By


@dataclass(frozen=True, kw_only=True)
class Report:
    """A review by the `reviewer`-th invented account, seen `days` ago.

    `decision` is what a moderator did two days later, None for one that still waits and WITHDRAW where the author took
    it back. `judged` has the answers that were not accepted as they stood.
    """

    reviewer: int
    days: int
    answers: Mapping[str, Found]
    decision: Action | None = Action.APPROVE
    judged: Mapping[str, tuple[Outcome, Reason, str]] | None = None


class Look(NamedTuple):
    """A moderator opened the source of the answer in the `report`-th review, `days` ago, and saw the words."""

    report: int
    criterion: str
    days: int


class Confirmation(NamedTuple):
    """Two moderators confirm a critical sign, each `days` ago, the clinic having been told two days before."""

    criterion: str
    days: tuple[int, ...]


class Mended(NamedTuple):
    """Two moderators found, `days` ago, that the clinic had mended a sign on that day."""

    criterion: str
    days: int


@dataclass(frozen=True)
class Story:
    """Everything that happened to one clinic."""

    reports: tuple[Report, ...]
    looks: tuple[Look, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    mended: tuple[Mended, ...] = ()


_YES_LINK, _NO_PAGES, _NO_LINK = Found("yes", By.LINK), Found("no", By.PAGES), Found("no", By.LINK)
_ALL_CLEAR = {HOME: _NO_LINK, HISTORY: _YES_LINK, DOCTOR: _YES_LINK, CURE: _NO_PAGES, INSTANT: _NO_PAGES}
_GOOD_PRACTICE = {
    "vitals_monitored_during": _YES_LINK, "escort_no_driving": _YES_LINK, "offlabel_status_disclosed": _YES_LINK,
    "price_published": _YES_LINK,
}  # fmt: skip

_EVERY_FINDING = Story(
    reports=(
        Report(reviewer=1, days=400, answers={HISTORY: Found("no", By.DOCUMENT), HOME: _NO_LINK}),
        Report(reviewer=2, days=70, answers=_GOOD_PRACTICE | {
            HOME: _NO_LINK, CURE: _YES_LINK, DOCTOR: _NO_LINK, "offlabel_status_disclosed": _NO_PAGES}),
        Report(
            reviewer=3,
            days=60,
            answers={
                HOME: _NO_LINK, CURE: Found("yes", By.DOCUMENT), DOCTOR: Found("yes", By.DOCUMENT),
                INSTANT: Found("yes", By.DOCUMENT), "written_informed_consent": Found("no", By.DOCUMENT),
                "offlabel_status_disclosed": _NO_PAGES, "price_published": _YES_LINK,
            },
        ),
        Report(
            reviewer=4,
            days=40,
            answers={
                HOME: Found("no", By.TOLD), "vitals_monitored_during": Found("yes", By.TOLD),
                "written_informed_consent": Found("yes", By.LINK), "emergency_readiness": Found("no", By.TOLD),
            },
        ),
        Report(reviewer=4, days=20, answers={HOME: Found("no", By.TOLD), "emergency_readiness": Found("yes", By.TOLD)}),
    ),
    looks=(Look(1, CURE, 50), Look(1, HOME, 50)),
)  # fmt: skip
_NOTHING_FOUND = Story(
    reports=(
        Report(reviewer=5, days=55, answers=_ALL_CLEAR | _GOOD_PRACTICE),
        Report(
            reviewer=6,
            days=30,
            answers=_ALL_CLEAR
            | _GOOD_PRACTICE
            | {
                "clinician_present_during_dosing": Found("yes", By.TOLD),
                "license_active_verified": Found("yes", By.DOCUMENT),
            },
        ),
        Report(reviewer=7, days=25, answers={HISTORY: Found("no", By.TOLD), CURE: _NO_PAGES}),
    ),
    looks=(Look(0, HISTORY, 50),),
)
_MAILED = Story(
    reports=(
        Report(reviewer=1, days=80, answers={HOME: _YES_LINK, CURE: _YES_LINK, DOCTOR: _YES_LINK}),
        Report(reviewer=8, days=65, answers={HOME: Found("yes", By.TOLD), CURE: _YES_LINK, DOCTOR: _YES_LINK}),
        Report(
            reviewer=9,
            days=35,
            answers={HOME: Found("no", By.TOLD), INSTANT: _YES_LINK, HISTORY: Found("yes", By.TOLD)},
        ),
    ),
    looks=(Look(0, HOME, 60), Look(1, DOCTOR, 58)),
    confirmations=(Confirmation(HOME, (50, 48)),),
)
_HARDLY_CHECKED = Story(
    reports=(
        Report(reviewer=2, days=90, answers={CURE: _NO_PAGES, INSTANT: _NO_PAGES, HISTORY: Found("no", By.TOLD)}),
        Report(reviewer=10, days=75, answers={CURE: _NO_PAGES, INSTANT: _NO_PAGES, "price_published": _YES_LINK}),
        Report(reviewer=11, days=6, answers={HOME: _NO_LINK}, decision=None),
        Report(reviewer=12, days=30, answers={DOCTOR: Found("no", By.LINK)}, decision=Action.DECLINE),
        Report(reviewer=9, days=12, answers={HISTORY: Found("no", By.TOLD)}, decision=Action.REQUEST_CHANGES),
        Report(reviewer=3, days=15, answers={HOME: Found("no", By.TOLD)}, decision=Action.WITHDRAW),
    ),
)
_NUMBERS = Story(
    reports=(
        Report(reviewer=4, days=60, answers=_ALL_CLEAR | {CURE: _YES_LINK, INSTANT: Found("yes", By.DOCUMENT)}),
        Report(reviewer=5, days=45, answers={HOME: _NO_LINK, HISTORY: _YES_LINK, CURE: _YES_LINK, DOCTOR: _NO_LINK}),
    ),
)
_MENDED = Story(
    reports=(
        Report(reviewer=6, days=150, answers={INSTANT: _YES_LINK, HOME: _NO_LINK}),
        Report(reviewer=7, days=140, answers={INSTANT: _YES_LINK, HOME: _NO_LINK}),
        Report(reviewer=8, days=20, answers={INSTANT: _NO_PAGES, DOCTOR: _YES_LINK}),
    ),
    looks=(Look(2, DOCTOR, 10),),
    mended=(Mended(INSTANT, 100),),
)
_LONG_AGO = Story(
    reports=(
        Report(reviewer=9, days=420, answers=_ALL_CLEAR),
        Report(reviewer=10, days=400, answers={CURE: _YES_LINK, HOME: _YES_LINK, "price_published": _YES_LINK}),
    ),
)
_WAITING = Story(
    reports=(
        # Two linked accounts, which are one voice.
        Report(reviewer=11, days=50, answers={HISTORY: Found("no", By.DOCUMENT), HOME: _YES_LINK}),
        Report(reviewer=12, days=45, answers={HOME: _YES_LINK}),
        Report(
            reviewer=2,
            days=30,
            answers={
                HISTORY: Found("no", By.DOCUMENT),
                INSTANT: Found("yes", By.TOLD),
                CURE: Found("yes", By.DOCUMENT),
            },
            judged={
                CURE: (Outcome.DROPPED, Reason.NOT_ABOUT_THIS_CLINIC, "The brochure is that of another clinic."),
                HISTORY: (Outcome.TESTIMONY, Reason.EVIDENCE_NOT_SUPPORTING, "The form shown is not the whole form."),
            },
        ),
    ),
    looks=(Look(0, HOME, 20),),
    confirmations=(Confirmation(HOME, (3,)),),
)

#: By the number of the clinic in its city, from 1.
STORIES = {
    1: _EVERY_FINDING, 2: _NOTHING_FOUND, 3: _MAILED, 4: _HARDLY_CHECKED,
    5: _NUMBERS, 6: _MENDED, 7: _LONG_AGO, 8: _WAITING,
}  # fmt: skip
#: Reviewers 11 and 12 are linked: they speak as one voice.
LINKED = (12, 11)
REVIEWERS, MODERATORS = 12, 3
