from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from json import loads
from random import Random

import pytest

from directory.domain.cases import Case, canonical, explanation
from directory.domain.checklist import Value
from directory.domain.errors import Conflict, Forbidden, InvalidParameter
from directory.domain.findings import Answer, Ruling, RulingKind, find, live
from directory.domain.scoring import changes_on, newest_observation, written
from directory.extensions import db
from directory.models import Clinic, StoredScore
from directory.services import audit, reviews, scores
from tests.support import reviews as support
from tests.support.answers import TODAY, days_ago
from tests.support.checklists import SHIPPED, SIGNS
from tests.support.clinics import add_clinics, clinic_row
from tests.support.reviews import (
    ACCEPTED,
    AS_SUBMITTED,
    AS_TESTIMONY,
    DROPPED,
    NOON,
    SITE,
    account,
    accounts,
    approval,
    changes_requested,
    decided,
    declined,
    document,
    link,
    page,
    pages,
    rechecked,
    remedied,
    submitted,
    told,
)
from tests.support.tables import rows

#: A thousand sets of reviews, half of them on each engine; the number of a set is its seed.
SETS = {"sqlite": range(500), "postgresql": range(500, 1000)}
AGES = (0, 0, 1, 2, 3, 30, 30, 90, 179, 180, 181, 364, 365, 366)
CRITICAL = {slug for slug, sign in SIGNS.items() if sign.is_critical}
SAFEGUARDS = ["in_person_exam_before_first_dose", "false_fda_approval_claim"]
FATES = {"approve": 16, "decline": 1, "request changes": 1, "nothing": 1, "withdraw": 1}
#: How an answer may be judged, and the tier it then has.
JUDGEMENTS = {
    "accepted": (ACCEPTED, lambda tier: tier),
    "testimony": (AS_TESTIMONY, lambda _tier: 1),
    "dropped": (DROPPED, lambda _tier: None),
}


@pytest.mark.usefixtures("app")
def test_what_the_services_store_is_what_the_pure_scorer_gives():
    people, numbers = People.made(), SETS[db.engine.dialect.name]
    clinics = add_clinics([clinic_row(website=SITE) for _ in numbers])

    tellings = [Telling(number, people, clinic).tell() for number, clinic in zip(numbers, clinics, strict=True)]

    assert_the_draw_was_rich(tellings)
    assert differences(tellings, TODAY) == []
    for days in (1, 4, 7, 30, 186, 366):
        scores.expire(at=NOON + timedelta(days=days))
        assert differences(tellings, days_ago(-days)) == []
    assert list(scores.verify()) == []
    assert audit.verify().problem == ""


@dataclass
class People:
    """Reviewers and moderators, and who speaks for whom."""

    reviewers: list
    moderators: list
    group_of: dict

    @classmethod
    def made(cls):
        """Make eight reviewers and four moderators, some of them linked to each other or to one who takes no part."""
        alone, moderators, outsider = accounts(5), accounts(2), account()
        reviewers, group_of = list(alone), {by: by for by in (*alone, *moderators, outsider)}
        for stands_for in (alone[0], outsider, outsider):
            by = account(linked_to=stands_for)
            reviewers.append(by)
            group_of[by] = stands_for
        for stands_for in (moderators[0], alone[1]):
            by = account(linked_to=stands_for)
            moderators.append(by)
            group_of[by] = stands_for
        return cls(reviewers, moderators, group_of)


@dataclass
class Entered:
    """An answer as it was handed in and accepted."""

    by: int
    review: int
    criterion: str
    value: Value
    tier: int
    on: object
    seen_by: set = field(default_factory=set)

    @property
    def raises_critical(self):
        sign = SIGNS.get(self.criterion)
        return sign is not None and sign.is_critical and self.value is sign.against


class Telling:
    """What happens around one clinic, through the services, noted down as it is handed in."""

    def __init__(self, number, people, clinic):
        self.number, self.people, self.clinic = number, people, clinic
        self.draw = Random(number)
        self.reviewers = self.draw.sample(people.reviewers, 3)
        self.entered, self.rulings = [], []
        self.busy, self.spoke, self.ruled = set(), set(), {}

    def tell(self):
        topics = self.draw.sample([*SIGNS, *SIGNS, *SAFEGUARDS], self.draw.choice((2, 3)))
        leaning = {slug: self.draw.choice((Value.YES, Value.NO)) for slug in topics}
        for number in range(self.draw.choice((1, 2, 2, 3, 3))):
            self.review(number, leaning)
            self.rule(leaning)
        return self

    def review(self, number, leaning):
        author = self.draw.choice([by for by in self.reviewers if by not in self.busy])
        given = {slug: self.answer(slug, likely) for slug, likely in leaning.items()}
        if all(value is Value.UNKNOWN for value, *_ in given.values()):
            return
        review = self.hand_in(author, given)
        if review is None:
            return
        fate = self.draw.choices(list(FATES), FATES.values())[0]
        if fate == "approve":
            self.approve(review, author, number, given)
        elif fate == "withdraw":
            reviews.withdraw(review, author_id=author, seen_version=AS_SUBMITTED, at=NOON)
        elif fate == "decline":
            decided(review, declined(), moderator=self.moderator_but(author))
        else:
            self.busy.add(author)
            self.note_words_of(author, given)
            if fate == "request changes":
                decided(review, changes_requested(), moderator=self.moderator_but(author))

    def hand_in(self, author, given):
        """Hand a review in, and return its public id; None where the author has ruled on one of the signs."""
        answers = {slug: (value, *evidence) for slug, (value, evidence, *_) in given.items()}
        group = self.people.group_of[author]
        if any(value is not Value.UNKNOWN and self.has_ruled(slug, group) for slug, (value, *_) in given.items()):
            with pytest.raises(Forbidden, match="You have ruled on a warning sign"):
                submitted(self.clinic, author, answers)
            return None
        return submitted(self.clinic, author, answers)

    def has_ruled(self, slug, group):
        return any(on_sign == slug and group in groups for (on_sign, *_), groups in self.ruled.items())

    def note_words_of(self, author, given):
        said = {slug for slug, (value, *_) in given.items() if value is not Value.UNKNOWN}
        self.spoke |= {(slug, self.people.group_of[author]) for slug in said}

    def answer(self, slug, likely):
        """Draw (value, evidence, tier, day), mostly of the likely value."""
        value = self.draw.choices((likely, likely.opposite, Value.UNKNOWN), (8, 2, 1))[0]
        if value is Value.UNKNOWN:
            return value, (), None, None
        day, other = (days_ago(self.draw.choice(AGES)) for _ in range(2))
        kinds = [
            ((link(on=day),), 3, day),
            ((link(on=day, url="http://www.clinic.example/"), told(on=other)), 3, day),
            ((told(on=other), link(on=day), link(on=other)), 3, max(day, other)),
            ((document(on=day), told(on=other)), 2, day),
            ((told(on=day),), 1, day),
            ((told(on=day), told(on=other), link(on=other, url="https://reviews.example/")), 1, max(day, other)),
        ]
        if value is Value.NO and SHIPPED.by_slug[slug].is_about_published_words:
            kinds.append(((*pages(day, "/", "/faq", "/team"), page(f"{SITE}/prices", other)), 3, min(day, other)))
        return value, *self.draw.choice(kinds)

    def approve(self, review, author, number, given):
        judged = {slug: self.draw.choices(list(JUDGEMENTS), (8, 1, 1))[0] for slug in given}
        verdict = approval(**{slug: JUDGEMENTS[word][0] for slug, word in judged.items()})
        decided(review, verdict, moderator=self.moderator_but(author))
        self.note_words_of(author, given)
        for slug, (value, _, tier, on) in given.items():
            accepted = JUDGEMENTS[judged[slug]][1](tier)
            if value is not Value.UNKNOWN and accepted:
                entered = Entered(author, number, slug, value, accepted, on)
                self.entered.append(entered)
                if self.draw.random() < 0.2 and accepted == 3:
                    self.look(review, entered)

    def look(self, review, entered):
        by, has_seen = self.moderator_but(entered.by), self.draw.random() < 0.8
        rechecked(review, entered.criterion, moderator=by, has_seen=has_seen)
        if has_seen:
            entered.seen_by.add(self.people.group_of[by])

    def rule(self, topics):
        if self.draw.random() < 0.12:
            self.remedy(self.draw.choice(list(SIGNS)), days_ago(self.draw.choice((0, 1, 2, 30, 100))))
        for slug in sorted(CRITICAL & topics.keys()):
            first_seen_on = self.first_of_a_quorum(slug)
            if self.draw.random() < (0.6 if first_seen_on else 0.05):
                self.confirm(slug, first_seen_on)

    def first_of_a_quorum(self, slug):
        """Return the day of the oldest answer that counts where a quorum raises the sign, else None."""
        answers, ruled = self.expected(TODAY)
        in_force = [ruling for ruling in ruled if ruling.criterion == slug and ruling.on <= TODAY]
        if find(SIGNS[slug], answers, ruled, TODAY).raising.level < 2:
            return None
        counting = live(SIGNS[slug], answers, in_force, TODAY)
        return min(answer.observed_on for answer in counting if answer.value is SIGNS[slug].against)

    def confirm(self, slug, first_seen_on):
        allowed = self.allowed(slug)
        for by in self.draw.sample(allowed, min(self.draw.choice((1, 2, 2, 2)), len(allowed))):
            told_on = days_ago(self.draw.choice((0, 3, 7, 8, 30)))
            in_force_on = max(TODAY, told_on + timedelta(days=7))
            confirm = partial(support.confirmed, self.clinic, slug, by)
            if first_seen_on is None or told_on < first_seen_on:
                with pytest.raises(InvalidParameter, match=r"is not enough today|before the first of them"):
                    confirm(told_on=told_on)
            elif self.is_first(slug, RulingKind.CONFIRM, in_force_on, by, partial(confirm, told_on=told_on)):
                assert confirm(told_on=told_on) == in_force_on
                self.note(slug, RulingKind.CONFIRM, in_force_on, by)

    def remedy(self, slug, day):
        allowed = self.allowed(slug)
        for by in self.draw.sample(allowed, min(self.draw.choice((1, 2, 2, 3)), len(allowed))):
            remedy = partial(remedied, self.clinic, slug, by, mended_on=day)
            if self.is_first(slug, RulingKind.REMEDIED, day, by, remedy):
                assert remedy() == self.note(slug, RulingKind.REMEDIED, day, by)

    def is_first(self, slug, kind, day, by, act):
        """Return whether nobody of the group has ruled so for that day; hold that the act is refused otherwise."""
        if self.people.group_of[by] not in self.ruled.get((slug, kind, day), ()):
            return True
        with pytest.raises(Conflict, match="ruled so on this sign before"):
            act()
        return False

    def note(self, slug, kind, day, by):
        """Note down who ruled; a remedy becomes a ruling by its second person. Return whether two have ruled so."""
        people = self.ruled.setdefault((slug, kind, day), [])
        people.append(self.people.group_of[by])
        counting = [people[-1:]] if kind is RulingKind.CONFIRM else [people[:2]] * (len(people) == 2)
        for groups in counting:
            self.rulings.append(Ruling(criterion=slug, kind=kind, by=frozenset(map(str, groups)), on=day))
        return len(people) >= 2

    def allowed(self, slug):
        """Return the moderators who stand by no answer on the sign."""
        return [by for by in self.people.moderators if (slug, self.people.group_of[by]) not in self.spoke]

    def moderator_but(self, author):
        group_of = self.people.group_of
        return self.draw.choice([by for by in self.people.moderators if group_of[by] != group_of[author]])

    def expected(self, as_of):
        """Return the answers and rulings as the pure scorer takes them: of each author and question the newest.

        What raises a critical sign stays as long as two people's confirmation of it is in force.
        """
        answers, answered = [], set()
        for entered in sorted(self.entered, key=lambda each: -each.review):
            is_held = entered.raises_critical and self.is_confirmed(entered.criterion, as_of)
            if is_held or (entered.by, entered.criterion) not in answered:
                answers.append(self.as_scored(entered))
            answered.add((entered.by, entered.criterion))
        return answers, self.rulings

    def holds_what_was_replaced(self, as_of):
        answers, _ = self.expected(as_of)
        return len({(answer.reviewer, answer.criterion) for answer in answers}) < len(answers)

    def case(self, as_of):
        answers, ruled = self.expected(as_of)
        on_signs = tuple(answer for answer in answers if answer.criterion in SIGNS)
        return Case(SHIPPED, as_of, on_signs, tuple(each for each in ruled if each.on <= as_of))

    def is_confirmed(self, slug, as_of):
        ruled = [each for each in self.rulings if each.criterion == slug and each.on <= as_of]
        mended = [each.on for each in ruled if each.kind is RulingKind.REMEDIED]
        confirmed = [each for each in ruled if each.kind is RulingKind.CONFIRM]
        return len({each.by for each in confirmed if all(each.on > day for day in mended)}) >= 2

    def as_scored(self, entered):
        return Answer(
            criterion=entered.criterion,
            value=entered.value,
            tier=entered.tier,
            observed_on=entered.on,
            reviewer=f"author {entered.by}",
            group=str(self.people.group_of[entered.by]),
            rechecked_by=frozenset(map(str, entered.seen_by)),
        )


def differences(tellings, as_of):
    """Return what the stored scores and the copies on the clinics say otherwise than the pure scorer, by set."""
    newest = {score.clinic_id: score for score in rows(StoredScore)}
    return [
        (telling.number, name, is_stored, should_be)
        for telling, clinic in zip(tellings, rows(Clinic), strict=True)
        for name, is_stored, should_be in compared(clinic, newest.get(clinic.id), telling, as_of)
        if is_stored != should_be
    ]


def compared(clinic, stored, telling, as_of):
    answers, ruled = telling.expected(as_of)
    case = telling.case(as_of)
    score = case.score()
    yield from [
        ("grade", clinic.grade, score.grade),
        ("low", clinic.score_low, score.low),
        ("high", clinic.score_high, score.high),
        ("settled", clinic.settled, score.settled),
        ("points", clinic.confirmed_points, score.confirmed_points),
        ("signs", clinic.signs, written(SHIPPED, score.verdicts)),
        ("seen on", clinic.signs_seen_on, newest_observation(SHIPPED, answers, ruled, as_of)),
        ("changes on", clinic.score_changes_on, changes_on(SHIPPED, answers, ruled, as_of)),
    ]
    if stored is None:
        yield "what no score was made of", (), (*case.answers, *case.rulings)
    else:
        made_of = telling.case(stored.as_of)
        yield "score", (stored.grade, stored.low, stored.high, stored.settled), (
            score.grade, score.low, score.high, score.settled,
        )  # fmt: skip
        yield "explanation", stored.explanation, canonical(explanation(made_of))
        inputs = loads(stored.inputs)
        yield "answers", Counter(map(answer_of, inputs["answers"])), Counter(map(nameless, made_of.answers))
        yield "rulings", Counter(map(ruling_of, inputs["rulings"])), Counter(map(nameless_ruling, made_of.rulings))


def nameless(answer):
    looks = len(answer.rechecked_by)
    return answer.criterion, answer.value.value, answer.tier, answer.observed_on.isoformat(), looks


def answer_of(answer):
    return *(answer[name] for name in ("criterion", "value", "tier", "observed_on")), len(answer["rechecked_by"])


def nameless_ruling(ruling):
    return ruling.criterion, ruling.kind.value, ruling.on.isoformat(), len(ruling.by)


def ruling_of(ruling):
    return *(ruling[name] for name in ("criterion", "kind", "on")), len(ruling["by"])


def assert_the_draw_was_rich(tellings):
    """Hold that every finding and grade came up, and what makes reviews hard: else this would show little."""
    assert set("".join(clinic.signs for clinic in rows(Clinic))) == set("01234")
    entered = [each for telling in tellings for each in telling.entered]
    assert {each.tier for each in entered} == {1, 2, 3}
    assert any(each.seen_by for each in entered)
    ruled = [ruling for telling in tellings for ruling in telling.rulings]
    assert {ruling.kind for ruling in ruled} == set(RulingKind)
    assert any(ruling.on > TODAY for ruling in ruled)
    assert any(len(telling.expected(TODAY)[0]) < len(telling.entered) for telling in tellings)
    assert any(telling.holds_what_was_replaced(day) for telling in tellings for day in (TODAY, days_ago(-7)))
