"""The least approved answer of a dossier; a test states only what it is about."""

from itertools import count

from directory.domain.dossier import Approved, Dossier, Look, Ruled
from directory.domain.findings import RulingKind
from tests.support.answers import TODAY

_numbers = count(1)


def against(criterion, by=1, **details):
    return said(criterion, criterion.against, by, **details)


def clear(criterion, by=1, **details):
    return said(criterion, criterion.against.opposite, by, **details)


def said(criterion, value, by=1, *, voice=None, review=None, tier=1, on=TODAY, looks=(), evidence=()):
    """Return an answer by an account, of a review of its own where none is named; `looks` are accounts or Looks."""
    number = next(_numbers)
    return Approved(
        answer_id=number,
        review_id=review or number,
        author_id=by,
        voice_id=voice or by,
        version="2026.1",
        criterion=criterion.slug,
        value=value,
        tier=tier,
        observed_on=on,
        looks=tuple(each if isinstance(each, Look) else Look(each, each, on) for each in looks),
        evidence=tuple(evidence),
    )


def ruled(criterion, *by, kind=RulingKind.CONFIRM, on=TODAY):
    return Ruled(criterion=criterion.slug, kind=kind, by=by, on=on)


def dossier(*entries):
    """Return the dossier of these answers and rulings, in their order."""
    answers = [each for each in entries if isinstance(each, Approved)]
    return Dossier(answers, [each for each in entries if isinstance(each, Ruled)])
