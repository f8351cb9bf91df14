"""The checklist for its page and for the API: the version that an address names, and what is said about it in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext, ngettext

from directory.domain.checklist import Checklist, Criterion, Value
from directory.domain.errors import NotFound
from directory.domain.findings import VERDICTS, Verdict
from directory.domain.labels import N_
from directory.domain.scoring import FULL, Grade, Score, score
from directory.services import checklists

#: Status of a source → how it was read.
STATUSES = {"V": N_("read in full or in part at the source"), "V2": N_("read in a report about it")}

LEVELS = (N_("None that counts"), N_("Credible"), N_("Strong"))
GRADES = {
    Grade.RED: N_("Confirmed signs take off 50 points or more."),
    Grade.AMBER: N_("Any sign is confirmed, suspected or disputed."),
    Grade.GREEN: N_("All five signs were looked for and not found."),
    Grade.GREY: N_("Everything else: too little is known."),
}
#: How well other sources bear a sign out, by our own reading of them.
SUPPORT = {
    "at_home_use_offered": N_("Strong: regulators, the rules for Spravato, and professional bodies."),
    "no_detailed_history": N_("Strong: drug labels and professional bodies."),
    "no_physician_on_staff": N_(
        "Moderate: the label of ketamine asks for a physician, and so does one society’s advice to patients."
    ),
    "cure_all_claims": N_(
        "Moderate to strong: a study of advertising, professional bodies, and guidance on health claims."
    ),
    "instant_permanent_promises": N_(
        "Moderate to strong: expert statements on the evidence, and guidance on health claims."
    ),
}
#: Verdicts of the clinic in the worked example, in the order of the signs.
_EXAMPLE = (Verdict.CLEARED, Verdict.CLEARED, Verdict.DISPUTED, Verdict.CONFIRMED, Verdict.SUSPECTED)


@dataclass(frozen=True)
class Step:
    """One sign of the worked example: the points that it takes off in the best case and in the worst."""

    sign: Criterion
    verdict: Verdict
    best: int
    worst: int


@dataclass(frozen=True)
class Example:
    """A score made step by step."""

    steps: Sequence[Step]
    score: Score


def init_app(app: Flask) -> None:
    """Give templates the words of the checklist's page."""
    app.jinja_env.filters |= {
        "example": example, "source_status": source_status, "support": support, "how_read": how_read,
        "who_can_tell": who_can_tell, "raised_by": raised_by, "absent_by": absent_by,
    }  # fmt: skip
    app.jinja_env.globals |= {
        "finding_levels": LEVELS,
        "finding_cells": VERDICTS,
        "grade_rules": GRADES,
        "verdicts": Verdict,
    }


def find(version: str | None) -> Checklist:
    """Return that version of the checklist, the newest for None; NotFound where it was never published."""
    try:
        return checklists.version(version) if version else checklists.current()
    except KeyError:
        raise NotFound(N_("No such version of the checklist has been published.")) from None


def example(checklist: Checklist) -> Example:
    """Return the worked example, computed by the scorer itself: each step is the score with all other signs cleared."""
    verdicts = dict(zip([sign.slug for sign in checklist.signs], _EXAMPLE, strict=True))
    steps = []
    for sign in checklist.signs:
        alone = score(checklist, dict.fromkeys(verdicts, Verdict.CLEARED) | {sign.slug: verdicts[sign.slug]})
        steps.append(Step(sign, verdicts[sign.slug], FULL - alone.high, FULL - alone.low))
    return Example(steps, score(checklist, verdicts))


def source_status(status: str) -> str:
    """Return how a source was read, in words."""
    return gettext(STATUSES[status])


def support(sign: Criterion) -> str:
    """Return how well other sources bear a sign out; "" for one that nobody has compared yet."""
    return gettext(SUPPORT[sign.slug]) if sign.slug in SUPPORT else ""


def how_read(criterion: Criterion) -> str:
    """Return how many sources a criterion has and how they were read: "7 sources, 2 of them read in a report."."""
    reported = sum(source.status == "V2" for source in criterion.sources)
    number = ngettext("%(num)d source", "%(num)d sources", len(criterion.sources))
    if not reported:
        return gettext("%(number)s.", number=number)
    return gettext("%(number)s, %(reported)d of them read only in a report.", number=number, reported=reported)


def who_can_tell(criterion: Criterion) -> str:
    """Return who can observe it: "Somebody who read the clinic’s site or called the clinic"."""
    ways = [gettext(observer.label) for observer in criterion.observable_by]
    if len(ways) == 1:
        return gettext("Somebody who %(way)s", way=ways[0])
    return gettext("Somebody who %(ways)s or %(last)s", ways=", ".join(ways[:-1]), last=ways[-1])


def raised_by(sign: Criterion) -> str:
    """Return which answer raises a sign."""
    return gettext(_RAISED_BY[sign.against])


def absent_by(safeguard: Criterion) -> str:
    """Return which answer says that a safeguard is absent."""
    return gettext(_ABSENT_BY[safeguard.against])


_RAISED_BY = {Value.YES: N_("A “yes” raises the sign."), Value.NO: N_("A “no” raises the sign.")}
_ABSENT_BY = {Value.YES: N_("A “yes” means that it is absent."), Value.NO: N_("A “no” means that it is absent.")}
