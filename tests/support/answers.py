"""The least answer and the least ruling that count as of TODAY; a test states only what it is about."""

from datetime import date, timedelta

from directory.domain.findings import Answer, Ruling, RulingKind

TODAY = date(2026, 11, 21)


def days_ago(days):
    return TODAY - timedelta(days=days)


def raising(criterion, by="ann", **details):
    return answer(criterion, criterion.against, by, **details)


def clearing(criterion, by="ann", **details):
    return answer(criterion, criterion.against.opposite, by, **details)


def answer(criterion, value, by="ann", *, tier=1, on=TODAY, group=None, rechecked_by=()):
    return Answer(
        criterion=criterion.slug,
        value=value,
        tier=tier,
        observed_on=on,
        reviewer=by,
        group=group or by,
        rechecked_by=frozenset(rechecked_by),
    )


def confirm(criterion, *by, on=TODAY):
    return Ruling(criterion=criterion.slug, kind=RulingKind.CONFIRM, by=frozenset(by), on=on)


def remedied(criterion, *by, on=TODAY):
    return Ruling(criterion=criterion.slug, kind=RulingKind.REMEDIED, by=frozenset(by), on=on)
