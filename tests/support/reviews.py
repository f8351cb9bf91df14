"""Makes accounts, evidence and reviews for tests, all through the services; a test states only what it is about.

Days and moments are those of support.answers: everything happens at NOON of TODAY unless a test says otherwise.
"""

from datetime import UTC, datetime, time, timedelta
from itertools import count

from directory.domain.access import Role
from directory.domain.checklist import Value
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.identifiers import is_public_id
from directory.domain.moderation import DAYS_TO_REPLY, Action, Outcome, Reason
from directory.domain.notices import Way
from directory.domain.ties import TieKind
from directory.extensions import db, writing
from directory.models import Account, AccountRole, Clinic, Notice, Review
from directory.services import access, audit, moderation, reviews, rulings, scores
from directory.services.moderation import Judgement, ReviewDecision
from directory.services.reviews import GivenAnswer, Submission
from directory.services.rulings import ClinicSign
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic
from tests.support.tables import rows

SITE = "https://clinic.example"
NOON = datetime.combine(TODAY, time(12), UTC)
#: When accounts were made, where a test is not about new ones.
A_YEAR_AGO = NOON - timedelta(days=365)
#: A clinic that was told on that day has had its time to reply by TODAY.
REPLY_OVER = days_ago(DAYS_TO_REPLY)
#: The version of a review that was handed in and is not decided; each decision adds one.
AS_SUBMITTED = 2
#: What stands beside a decision that needs a reason.
WHY = {"reason": Reason.EVIDENCE_NOT_SUPPORTING, "words": "Quote the sentence itself."}
ACCEPTED = Judgement(outcome=Outcome.ACCEPTED)
AS_TESTIMONY = Judgement(outcome=Outcome.TESTIMONY, **WHY)
DROPPED = Judgement(outcome=Outcome.DROPPED, **WHY)

_keys = count(1)


def reviewed_clinic(**stated):
    """Return the columns of a published clinic whose website is SITE."""
    return add_clinic(website=SITE, **stated)


def account(**details):
    return accounts(1, **details)[0]


def accounts(number, *, linked_to=None, role=Role.MODERATOR, since=A_YEAR_AGO):
    """Return the ids of accounts, in ascending order: moderators, who may also review, where no role is named."""
    roles = [role] if role else []
    rows = [
        Account(linked_to_id=linked_to, created_at=since, roles=[AccountRole(name=each) for each in roles])
        for _ in range(number)
    ]
    db.session.add_all(rows)
    db.session.flush()
    ids = sorted(row.id for row in rows)
    db.session.commit()
    return ids


def link(quote="We mail it to you.", on=TODAY, url=f"{SITE}/faq", **details):
    return Evidence(kind=EvidenceKind.LINK, seen_on=on, url=url, quote=quote, **details)


def pages(on, *paths):
    """Return a page of SITE read on that day for each path; the four that are enough where none is given."""
    return tuple(page(f"{SITE}{path}", on) for path in paths or ("/", "/conditions", "/faq", "/prices"))


def page(url, on=TODAY):
    return Evidence(kind=EvidenceKind.PAGE_READ, seen_on=on, url=url)


def document(note="The consent form, page 2.", on=TODAY):
    return Evidence(kind=EvidenceKind.DOCUMENT, seen_on=on, note=note)


def told(note="They said so when I called.", on=TODAY):
    return Evidence(kind=EvidenceKind.FIRST_HAND, seen_on=on, note=note)


def submission(clinic, answers, *, key=None, checklist="2026.1", tie=TieKind.NONE):
    """Return a filled-in checklist; `answers` maps a criterion to (value, *evidence), each value a word or a Value."""
    given = tuple(
        GivenAnswer(criterion=criterion, value=Value(value), evidence=tuple(evidence))
        for criterion, (value, *evidence) in answers.items()
    )
    key = key or f"key {next(_keys)}"
    return Submission(clinic=clinic["public_id"], checklist=checklist, tie=tie, answers=given, key=key)


def submitted(clinic, author, answers, *, key=None, at=NOON):
    """Hand a review in and return its public id."""
    return reviews.submit(submission(clinic, answers, key=key), author_id=author, at=at)


def decided(review, verdict, *, moderator=None, seen_version=AS_SUBMITTED, at=NOON):
    """Decide on a review; a moderator who has nothing to do with anything else does it where none is named."""
    by = moderator or account()
    moderation.decide(review, verdict, moderator_id=by, seen_version=seen_version, at=at)


def approval(*criteria, **judged):
    """Return the approval of answers: those named alone are accepted, the others judged as given."""
    return ReviewDecision(action=Action.APPROVE, answers=dict.fromkeys(criteria, ACCEPTED) | judged)


def declined():
    return ReviewDecision(action=Action.DECLINE, answers={}, **WHY)


def changes_requested():
    return ReviewDecision(action=Action.REQUEST_CHANGES, answers={}, **WHY)


def approved(clinic, author, answers, *, at=NOON, moderator=None, **judged):
    """Hand a review in, approve it with every answer accepted but those `judged`, and return its public id."""
    review = submitted(clinic, author, answers, at=at)
    decided(review, approval(*answers, **judged), moderator=moderator, at=at)
    return review


def rechecked(review, criterion, *, moderator=None, has_seen=True, at=NOON):
    by = moderator or account()
    moderation.recheck(review, criterion, has_seen=has_seen, moderator_id=by, at=at)


def confirmed(clinic, criterion, *moderators, told_on=REPLY_OVER, at=NOON):
    """Let two people, or those named, confirm a critical sign that a quorum saw by `told_on`; in force at once."""
    sign = ClinicSign(clinic["public_id"], criterion)
    for by in moderators or accounts(2):
        notice = noted(sign, by, told_on, at)
        in_force_on = rulings.confirm(sign, moderator_id=by, told_on=told_on, at=at, notice=notice)
    return in_force_on


def noted(sign, by, told_on, at=NOON):
    """Return what a moderator notes down who told a clinic of a sign by telephone; None where that is written already.

    It is written with the ruling that rests on it.
    """
    found = rows(Clinic, Clinic.public_id == sign.clinic) if is_public_id(sign.clinic) else []
    noted = [(each.clinic_id, each.criterion, each.told_on) for each in rows(Notice)]
    if not found or (found[0].id, sign.criterion, told_on) in noted:
        return None
    return Notice(
        clinic_id=found[0].id,
        checklist_version="2026.1",
        criterion=sign.criterion,
        told_on=told_on,
        how=Way.PHONE,
        words="I called.",
        by_id=by,
        at=at,
    )


def remedied(clinic, criterion, *moderators, mended_on=TODAY, words="Their new page says so.", at=NOON):
    """Let two people, or those named, rule that the clinic mended a sign by that day; return whether that counts."""
    sign = ClinicSign(clinic["public_id"], criterion)
    for by in moderators or accounts(2):
        counts = rulings.remedy(sign, mended_on=mended_on, moderator_id=by, words=words, at=at)
    return counts


def declared(account_id, clinic, kind, *, at=NOON):
    """Declare a tie of an account to a clinic."""
    (row,) = rows(Clinic, Clinic.public_id == clinic["public_id"])
    with writing() as session:
        access.declare(session, kind, account_id, row.id, at=at)


def give_address(account_id):
    """Let letters to an account go out."""
    row = db.session.get(Account, account_id)
    row.email = row.email_key = f"person{account_id}@example.org"
    db.session.commit()


def tied(tie):
    """Return two accounts of one person: the one that decides, and the one that wrote."""
    whole = account()
    linked, too = accounts(2, linked_to=whole)
    return {
        "author": (whole, whole),
        "stands for the author": (whole, linked),
        "linked to the author": (linked, whole),
        "linked to the same": (too, linked),
    }[tie]


def status_of(review):
    """Return where a review stands, and its version."""
    stored = rows(Review, Review.public_id == review)[0]
    return stored.status, stored.version


def signs():
    """Return the findings on the first clinic as its row repeats them, a digit a sign."""
    return rows(Clinic)[0].signs


def assert_the_record_holds():
    assert audit.verify().problem == ""
    assert list(scores.verify()) == []
