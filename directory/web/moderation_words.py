"""What moderators read in words: how long something waits, what was declared, and what they had typed."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import Flask
from flask_babel import format_timedelta, gettext, ngettext

from directory.domain.cases import Case
from directory.domain.checklist import Checklist, Criterion
from directory.domain.findings import Verdict
from directory.domain.labels import N_
from directory.domain.moderation import DECISIONS, Action, Outcome, Reason, ReviewStatus
from directory.services import checklists
from directory.services.queue import Declaration
from directory.web.evidence import tier_words
from directory.web.moderation_forms import OFFERED, DecisionForm
from directory.web.presenters import day


def init_app(app: Flask) -> None:
    """Give templates the words of the moderators' pages."""
    app.jinja_env.filters |= {
        "waits": waits,
        "declared": declared,
        "stands": stands,
        "clock": clock,
        "minutes_left": minutes_left,
    }
    app.jinja_env.filters |= {"tier_words": tier_words, "case_strip": case_strip}
    app.jinja_env.globals["preview_words"] = preview_words


def waits(since: datetime, at: datetime) -> str:
    """Return how long something has waited, in its largest unit: "3 hours"."""
    if at - since < timedelta(minutes=1):
        return gettext("less than a minute")
    return str(format_timedelta(at - since, granularity="minute", threshold=1.5))


def clock(moment: datetime) -> str:
    """Return a moment of today by the clock: "12:05 UTC"."""
    return moment.strftime("%H:%M UTC")


def minutes_left(until: datetime, at: datetime) -> int:
    """Return how many minutes are left, the one that has begun among them."""
    return -((at - until) // timedelta(minutes=1))


def declared(declaration: Declaration) -> str:
    """Return what an author said of a tie: the words they chose, when, about which clinic, and its end."""
    said = gettext(declaration.kind.label)
    where = gettext(" (about %(clinic)s, of the same chain)", clinic=declaration.clinic) if declaration.clinic else ""
    ends = gettext(", until %(day)s", day=day(declaration.ends_on)) if declaration.ends_on else ""
    return gettext("%(said)s%(where)s%(ends)s", said=said, where=where, ends=ends)


def case_strip(case: Case) -> list[tuple[Criterion, Verdict]]:
    """Return each sign with its verdict, for the five-sign strip."""
    found = case.findings()
    return [(sign, found[sign.slug].verdict) for sign in case.checklist.signs]


def preview_words(form: DecisionForm) -> str:
    """Return with what a preview is computed: how many answers are marked in which way, and how many not yet."""
    marked = Counter(form.outcomes.values())
    parts = [
        ngettext("%(num)d answer accepted", "%(num)d answers accepted", marked[Outcome.ACCEPTED]),
        ngettext("%(num)d as a first-hand report", "%(num)d as first-hand reports", marked[Outcome.TESTIMONY]),
        ngettext("%(num)d dropped", "%(num)d dropped", marked[Outcome.DROPPED]),
    ]
    left = len(form.judgements) - marked.total()
    if left:
        parts.append(ngettext("%(num)d not marked yet, and left out", "%(num)d not marked yet, and left out", left))
    return gettext("Computed with %(parts)s. Nothing is stored yet.", parts=", ".join(parts))


def stands(status: ReviewStatus) -> str:
    """Return where a review stands, as moderators say it."""
    return gettext(_STANDS[status])


def typed(form: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a moderator typed or chose, label and words, in the order of the page; what is no field of it is not.

    It is given back where it could not be used, so that nothing is lost.
    """
    found = [(label, read(form.get(name, ""))) for name, label, read in _fields(checklists.current())]
    return [(label, words) for label, words in found if words]


_Field = tuple[str, str, Callable[[str], str]]


def _fields(checklist: Checklist) -> list[_Field]:
    whole: list[_Field] = [
        ("action", gettext("What to do"), _action),
        ("reason", gettext("Reason"), _reason),
        ("words", gettext("In words"), str.strip),
    ]
    return [
        (f"{slug}-{name}", f"{gettext(criterion.name)}: {label}", read)
        for slug, criterion in checklist.by_slug.items()
        for name, label, read in (
            ("outcome", gettext("decision"), _outcome),
            ("reason", gettext("reason"), _reason),
            ("words", gettext("in words"), str.strip),
        )
    ] + whole


def _action(word: str) -> str:
    return gettext(_TO_DO[Action(word)]) if word in DECISIONS else ""


def _reason(word: str) -> str:
    return gettext(Reason(word).label) if word in set(Reason) else ""


def _outcome(word: str) -> str:
    return gettext(OFFERED[Outcome(word)]) if word in set(Outcome) else ""


_TO_DO = {
    Action.APPROVE: N_("Approve"),
    Action.REQUEST_CHANGES: N_("Ask for changes"),
    Action.DECLINE: N_("Decline"),
}
_STANDS = {
    ReviewStatus.DRAFT: N_("A draft"),
    ReviewStatus.SUBMITTED: N_("Waiting for a decision"),
    ReviewStatus.CHANGES_REQUESTED: N_("With its author, who was asked for changes"),
    ReviewStatus.APPROVED: N_("Approved"),
    ReviewStatus.DECLINED: N_("Declined"),
    ReviewStatus.WITHDRAWN: N_("Taken back by its author"),
    ReviewStatus.SUPERSEDED: N_("Approved, and followed by a newer review"),
    ReviewStatus.WITHDRAWN_AFTER: N_("Taken back after approval"),
    ReviewStatus.VOIDED: N_("Made void"),
}
