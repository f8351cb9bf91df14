"""Tells the stories of the demonstration's clinics through the services that real reviews go through."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from directory.domain.access import Role
from directory.domain.checklist import Value
from directory.domain.drafts import GivenAnswer
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.moderation import Action, Outcome, Reason
from directory.domain.notices import Way
from directory.domain.ties import TieKind
from directory.models import Account, AccountRole, Notice
from directory.queries import demo as queries
from directory.services import audit, moderation, reviews, rulings, scores
from directory.services.demo_evidence import DOCUMENTS, PAGES_READ, SITE, TOLD
from directory.services.demo_stories import (
    LINKED,
    MODERATORS,
    REVIEWERS,
    STORIES,
    By,
    Found,
    Look,
    Mended,
    Report,
    Story,
)
from directory.services.moderation import Judgement, ReviewDecision
from directory.services.reviews import Submission
from directory.services.rulings import ClinicSign

_DAYS_TO_DECIDE = 2
_DAYS_TO_TELL = 2
#: The invented accounts were made so many days ago: none of them is new when it first hands something in.
_DAYS_BEFORE = 500
_NOON = time(12, tzinfo=UTC)
#: A review that was handed in and not touched since.
_HANDED_IN = 2
_CHECKLIST = "2026.1"
_MENDED = "The sentence is gone from the site, and the clinic says on it that effects wear off."
_RANG = "I called the listed number, and said what is reported and how to answer."
_WHY = {
    Action.DECLINE: (Reason.NO_EVIDENCE, "The page does not list the whole team. Please ask the clinic."),
    Action.REQUEST_CHANGES: (Reason.EVIDENCE_NOT_SUPPORTING, "Please say when this was, and if it was a first visit."),
}


class _Hero(NamedTuple):
    """The clinic that a story is about."""

    id: int
    public_id: str
    website: str


@dataclass(frozen=True)
class _People:
    """The ids of the invented accounts."""

    reviewers: Sequence[int]
    moderators: Sequence[int]


def tell(clinics: Mapping[str, int], *, today: date, on_progress: Callable[[int], None] = lambda _count: None) -> int:
    """Write the stories of clinics, given by public id with their number in their city; return how many were told.

    A clinic of which anything was told before is left as it is. All of it is one transaction.
    """
    with audit.turn() as session:
        heroes = [_hero(row) for row in session.execute(queries.untold(clinics)).all()]
        people = _people(session, datetime.combine(today - timedelta(days=_DAYS_BEFORE), _NOON))
        told = [_Telling(hero, people, today).acts(STORIES[clinics[hero.public_id]]) for hero in heroes]
        # Of all clinics in the order of days: whoever reads the log finds its last entry first.
        for act in sorted(chain.from_iterable(told), key=lambda act: -act.days):
            act.do()
            on_progress(act.ends_story)
        scores.restate(session, [hero.id for hero in heroes], at=datetime.combine(today, _NOON))
    return len(heroes)


def _hero(row: Any) -> _Hero:
    return _Hero(row.id, row.public_id, row.website or "")


def _people(session: Session, since: datetime) -> _People:
    """Return the invented accounts, which the first call makes."""
    names = [f"demo-{number:02d}" for number in range(1, REVIEWERS + MODERATORS + 1)]
    if not session.execute(queries.accounts(names)).first():
        session.execute(insert(Account), [{"public_id": name, "created_at": since} for name in names])
        known = {row.public_id: row.id for row in session.execute(queries.accounts(names))}
        linked, stands_for = (session.get_one(Account, known[names[number - 1]]) for number in LINKED)
        linked.linked_to_id = stands_for.id
        session.add_all(AccountRole(account_id=known[name], name=Role.MODERATOR) for name in names[REVIEWERS:])
    known = {row.public_id: row.id for row in session.execute(queries.accounts(names))}
    numbers = [known[name] for name in names]
    return _People(numbers[:REVIEWERS], numbers[REVIEWERS:])


class _Act(NamedTuple):
    """So many days ago something is done; `ends_story` is 1 for the last of a clinic, else 0."""

    days: int
    do: Callable[[], object]
    ends_story: int = 0


class _Telling:
    """One story, done by its people."""

    def __init__(self, hero: _Hero, people: _People, today: date) -> None:
        self._hero = hero
        self._people = people
        self._today = today
        self._handed_in: dict[int, str] = {}

    def acts(self, story: Story) -> list[_Act]:
        """Return what is done, the earliest first; of one day the first comes first."""
        *others, last = sorted((_Act(*each) for each in self._acts(story)), key=lambda act: -act.days)
        return [*others, last._replace(ends_story=1)]

    def _acts(self, story: Story) -> Iterator[tuple[int, Callable[[], object]]]:
        """Yield how many days ago something is done, and what."""
        for number, report in enumerate(story.reports):
            yield report.days, partial(self._submit, number, report)
            if report.decision:
                yield report.days - _DAYS_TO_DECIDE, partial(self._end, number, report, report.decision)
        for look in story.looks:
            yield look.days, partial(self._look, look)
        for confirmation in story.confirmations:
            for place, days in enumerate(confirmation.days):
                yield days, partial(self._confirm, confirmation.criterion, place, days)
        for mended in story.mended:
            yield mended.days, partial(self._mend, mended)

    def _submit(self, number: int, report: Report) -> None:
        answers = tuple(
            GivenAnswer(criterion=slug, value=Value(found.value), evidence=self._evidence(slug, found, report.days))
            for slug, found in report.answers.items()
        )
        submission = Submission(
            clinic=self._hero.public_id,
            checklist=_CHECKLIST,
            tie=TieKind.NONE,
            answers=answers,
            key=f"{self._hero.public_id} {number}",
        )
        self._handed_in[number] = reviews.submit(
            submission, author_id=self._people.reviewers[report.reviewer - 1], at=self._at(report.days)
        )

    def _end(self, number: int, report: Report, action: Action) -> None:
        review, at = self._handed_in[number], self._at(report.days - _DAYS_TO_DECIDE)
        if action is Action.WITHDRAW:
            author = self._people.reviewers[report.reviewer - 1]
            reviews.withdraw(review, author_id=author, seen_version=_HANDED_IN, at=at)
            return
        reason, words = _WHY.get(action, (None, ""))
        verdict = ReviewDecision(action=action, answers=_judgements(report), reason=reason, words=words)
        moderation.decide(review, verdict, moderator_id=self._people.moderators[0], seen_version=_HANDED_IN, at=at)

    def _look(self, look: Look) -> None:
        review = self._handed_in[look.report]
        moderator = self._people.moderators[1]
        moderation.recheck(review, look.criterion, has_seen=True, moderator_id=moderator, at=self._at(look.days))

    def _confirm(self, criterion: str, place: int, days: int) -> None:
        told_on = self._at(days + _DAYS_TO_TELL).date()
        moderator = self._people.moderators[place]
        notice = Notice(
            clinic_id=self._hero.id,
            checklist_version=_CHECKLIST,
            criterion=criterion,
            told_on=told_on,
            how=Way.PHONE,
            words=_RANG,
            by_id=moderator,
            at=self._at(days),
        )
        sign, at = self._sign(criterion), self._at(days)
        rulings.confirm(sign, moderator_id=moderator, told_on=told_on, at=at, notice=notice)

    def _mend(self, mended: Mended) -> None:
        sign, at = self._sign(mended.criterion), self._at(mended.days)
        for moderator in self._people.moderators[:2]:
            rulings.remedy(sign, mended_on=at.date(), moderator_id=moderator, words=_MENDED, at=at)

    def _sign(self, criterion: str) -> ClinicSign:
        return ClinicSign(self._hero.public_id, criterion)

    def _at(self, days: int) -> datetime:
        return datetime.combine(self._today - timedelta(days=days), _NOON)

    def _evidence(self, criterion: str, found: Found, days: int) -> tuple[Evidence, ...]:
        seen_on, key = self._at(days).date(), (criterion, found.value)
        match found.by:
            case By.LINK:
                said = SITE[key]
                url = self._hero.website + said.path
                return (Evidence(kind=EvidenceKind.LINK, seen_on=seen_on, url=url, quote=said.words),)
            case By.PAGES:
                pages = (self._hero.website + path for path in PAGES_READ)
                return tuple(Evidence(kind=EvidenceKind.PAGE_READ, seen_on=seen_on, url=url) for url in pages)
            case By.DOCUMENT:
                return (Evidence(kind=EvidenceKind.DOCUMENT, seen_on=seen_on, note=DOCUMENTS[key]),)
        return (Evidence(kind=EvidenceKind.FIRST_HAND, seen_on=seen_on, note=TOLD[key]),)


def _judgements(report: Report) -> dict[str, Judgement]:
    differently = report.judged or {}
    accepted = (Outcome.ACCEPTED, None, "")
    judged = {slug: differently.get(slug, accepted) for slug in report.answers}
    return {slug: Judgement(outcome=each[0], reason=each[1], words=each[2]) for slug, each in judged.items()}
