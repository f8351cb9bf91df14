"""Takes reviews in: what somebody found out about a clinic, weighed by its evidence, and taken back if they wish."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from directory.domain.abuse import fingerprint
from directory.domain.access import Permission
from directory.domain.checklist import Checklist, Criterion, Value
from directory.domain.drafts import GivenAnswer
from directory.domain.errors import Conflict, Forbidden, InvalidParameter
from directory.domain.evidence import MOST_PIECES, Evidence, Hosts, Weight, own_site, problem_of, weigh
from directory.domain.identifiers import website
from directory.domain.labels import N_
from directory.domain.moderation import WRITABLE, Action, ReviewStatus
from directory.domain.ties import TieKind
from directory.models import AnswerEvidence, Clinic, Review, ReviewAnswer
from directory.queries import reviews as queries
from directory.queries import rulings
from directory.services import access, audit, checklists, holds, registers
from directory.services.access import About
from directory.services.moderation import Act, listed, move, reviewed

_LONGEST_KEY = 64
_UNDECIDED = N_("You have handed in a review of this clinic that is not decided yet. Withdraw it to hand in another.")
_NOT_WHOLE = N_("This form is not whole any more. Open it again, and fill it in anew.")
_OTHER_VERSION = N_("This review answers another version of the checklist. Open it again, and look at the questions.")
_OWN_RULING = N_("You have ruled on a warning sign of this clinic that you answer here. Leave that question out.")


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A filled-in checklist about a clinic. `key` is made by the author's side: the same key is the same review."""

    clinic: str
    checklist: str
    #: What the author says of their own tie to the clinic.
    tie: TieKind
    answers: tuple[GivenAnswer, ...]
    key: str


def submit(submission: Submission, *, author_id: int, at: datetime) -> str:
    """Hand a review in and return its public id; under a key that was handed in before, return that review's.

    What was begun under the key, a draft or a review for which changes were asked, is what is handed in; its draft is
    gone then. Raises NotFound for a clinic that is not public, InvalidParameter naming the answer that cannot be used,
    Forbidden for a tie that bars reviewing and for a yes or no on a sign on which the author has ruled, and Conflict
    where the author has another open review of the clinic. Nothing is written then but a tie that bars: that stays
    declared.
    """
    refuse_key(submission.key)
    if submission.tie.bars_reviewing:
        _note_tie(submission, author_id, at)
    with audit.turn() as session:
        begun = session.scalar(queries.under_key(author_id, submission.key))
        clinic = listed(session, submission.clinic)
        if begun and begun.status not in WRITABLE and begun.clinic_id == clinic.id:
            return begun.public_id
        access.declare(session, submission.tie, author_id, clinic.id, at=at)
        access.require(session, Permission.WRITE_REVIEW, author_id, About(clinic_id=clinic.id), at=at)
        _refuse_own_ruling(session, submission, clinic, author_id)
        answers = _weighed(submission, clinic, at.date())
        review = _taken_up(session, submission, clinic, author_id, at)
        _write(session, review, answers)
        move(session, review, Act(action=Action.SUBMIT, actor_id=author_id, at=at))
        holds.watch(session, clinic.id, at=at)
        return review.public_id


def begin(session: Session, review: Review) -> Review:
    """Add a new review, a draft, in the transaction of `session`; InvalidParameter for a key that cannot be one."""
    refuse_key(review.idempotency_key)
    if session.scalar(queries.under_key(review.author_id, review.idempotency_key)):
        raise InvalidParameter("key", _NOT_WHOLE)
    session.add(review)
    session.flush()
    return review


def _note_tie(submission: Submission, author_id: int, at: datetime) -> None:
    """Note a tie that bars the review in a transaction of its own, so that it stays when the review is refused."""
    with audit.turn() as session:
        clinic_id = listed(session, submission.clinic).id
        access.declare(session, submission.tie, author_id, clinic_id, at=at)


def withdraw(review_id: str, *, author_id: int, seen_version: int, at: datetime) -> None:
    """Take one's own undecided review back.

    Raises NotFound, Forbidden for somebody else's, InvalidTransition for a decided one and Conflict where it changed.
    """
    with audit.turn() as session:
        review = reviewed(session, review_id, seen_version)
        if review.author_id != author_id:
            raise Forbidden(N_("Only the author can withdraw a review."))
        move(session, review, Act(action=Action.WITHDRAW, actor_id=author_id, at=at))


def _refuse_own_ruling(session: Session, submission: Submission, clinic: Clinic, author_id: int) -> None:
    said = {answer.criterion for answer in submission.answers if answer.value in {Value.YES, Value.NO}}
    if said.intersection(session.scalars(rulings.ruled_on(clinic.id, author_id))):
        raise Forbidden(_OWN_RULING)


def _weighed(submission: Submission, clinic: Clinic, today: date) -> list[tuple[GivenAnswer, Weight]]:
    """Return each answer with its weight; raises InvalidParameter for the first that cannot be used."""
    checklist = _version(submission.checklist)
    _refuse_all_of_nothing(submission.answers)
    hosts = Hosts(own=own_site(clinic.website or ""), registers=registers.hosts())
    return [(answer, _weight(checklist, answer, hosts, today)) for answer in submission.answers]


def _version(name: str) -> Checklist:
    try:
        return checklists.version(name)
    except KeyError:
        raise InvalidParameter("checklist", N_("No such version of the checklist has been published.")) from None


def refuse_key(key: str) -> None:
    """Raise InvalidParameter for what cannot be the key of a review."""
    if not (1 <= len(key) <= _LONGEST_KEY and key.isprintable()):
        raise InvalidParameter("key", _NOT_WHOLE)


def _refuse_all_of_nothing(answers: Sequence[GivenAnswer]) -> None:
    twice = [slug for slug, count in Counter(answer.criterion for answer in answers).items() if count > 1]
    if twice:
        raise InvalidParameter(f"answers.{twice[0]}", N_("This question is answered twice. Keep one answer."))
    if not any(answer.value in {Value.YES, Value.NO} for answer in answers):
        raise InvalidParameter("answers", N_("Answer at least one question with yes or no."))


def _weight(checklist: Checklist, answer: GivenAnswer, hosts: Hosts, today: date) -> Weight:
    field = f"answers.{answer.criterion}"
    criterion = checklist.by_slug.get(answer.criterion)
    if criterion is None or answer.value not in criterion.values:
        raise InvalidParameter(field, N_("This question cannot be answered so. Choose one of the answers offered."))
    if len(answer.evidence) > MOST_PIECES:
        raise InvalidParameter(field, N_("Keep the twenty pieces of evidence that show it best."))
    for each in answer.evidence:
        if problem := _problem(each, today):
            raise InvalidParameter(field, problem)
    weight = _carried(criterion, answer, hosts)
    if weight.problem:
        raise InvalidParameter(field, weight.problem)
    return weight


def _problem(evidence: Evidence, today: date) -> str:
    if evidence.seen_on > today:
        return N_("Give the day on which you saw it. It cannot lie in the future.")
    return problem_of(evidence)


def _carried(criterion: Criterion, answer: GivenAnswer, hosts: Hosts) -> Weight:
    return weigh(criterion, answer.value, answer.evidence, hosts, is_whole_site_read=answer.is_whole_site_read)


def _taken_up(session: Session, submission: Submission, clinic: Clinic, author_id: int, at: datetime) -> Review:
    """Return the review that is handed in, as a draft without answers: what was begun under the key, or a new one."""
    review = session.scalar(queries.open_of(author_id, clinic.id))
    if review is None:
        review = begin(
            session,
            Review(
                author_id=author_id,
                clinic_id=clinic.id,
                checklist_version=submission.checklist,
                idempotency_key=submission.key,
                created_at=at,
            ),
        )
    elif review.idempotency_key != submission.key:
        raise Conflict(_UNDECIDED)
    elif review.checklist_version != submission.checklist:
        review = _moved_on(session, review, submission.checklist)
    review.submitted_at = at
    session.flush()
    for statement in (*queries.answers_gone(review.id), queries.draft_gone(review.id)):
        session.execute(statement)
    return review


def _moved_on(session: Session, draft: Review, checklist: str) -> Review:
    """Return the same draft about another version of the checklist, to which its row cannot be moved."""
    if draft.status != ReviewStatus.DRAFT:
        raise InvalidParameter("checklist", _OTHER_VERSION)
    same = ("author_id", "clinic_id", "public_id", "idempotency_key", "created_at")
    review = Review(checklist_version=checklist, **{name: getattr(draft, name) for name in same})
    session.delete(draft)
    session.flush()
    return begin(session, review)


def _write(session: Session, review: Review, answers: Sequence[tuple[GivenAnswer, Weight]]) -> None:
    rows = [
        ReviewAnswer(
            review_id=review.id,
            checklist_version=review.checklist_version,
            criterion=answer.criterion,
            value=answer.value.value,
            tier=weight.tier,
            observed_on=weight.observed_on,
            is_whole_site_read=answer.is_whole_site_read,
        )
        for answer, weight in answers
    ]
    session.add_all(rows)
    session.flush()
    evidence = [
        _evidence_row(row, each) for row, (answer, _) in zip(rows, answers, strict=True) for each in answer.evidence
    ]
    session.execute(insert(AnswerEvidence), evidence)


def _evidence_row(answer: ReviewAnswer, evidence: Evidence) -> dict[str, object]:
    addresses = {name: website(getattr(evidence, name)) or "" for name in ("url", "archive_url")}
    known_by = fingerprint(evidence.quote, evidence.note)
    return asdict(evidence) | addresses | {
        "answer_id": answer.id, "kind": evidence.kind.value, "fingerprint": known_by
    }  # fmt: skip
