"""The states of a review, who moves it from one to the next, and which decisions need a reason."""

from enum import StrEnum

from directory.domain.errors import InvalidParameter, InvalidTransition
from directory.domain.labels import N_
from directory.domain.texts import NOT_PLAIN, is_plain

#: So many days pass between telling a clinic of a confirmed critical sign and showing it.
DAYS_TO_REPLY = 7
#: So many days a review waits for the changes that its author was asked for; then it counts as withdrawn.
DAYS_TO_CHANGE = 30
#: So many people find together that the approval of a review was a mistake.
PEOPLE_TO_VOID = 2
LONGEST_REASON = 1000


class ReviewStatus(StrEnum):
    """Where a review stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    WITHDRAWN_AFTER = "withdrawn_after"
    VOIDED = "voided"


#: The reviews whose accepted answers count. A superseded one still says what its successor leaves open.
COUNTING = (ReviewStatus.APPROVED, ReviewStatus.SUPERSEDED)
#: In these the author stands by their answers, whatever was decided on each: they rule on no sign that they answered.
STOOD_BY = (ReviewStatus.SUBMITTED, ReviewStatus.CHANGES_REQUESTED, *COUNTING)
#: At most one of these an author and clinic.
OPEN = (ReviewStatus.DRAFT, ReviewStatus.SUBMITTED, ReviewStatus.CHANGES_REQUESTED)
#: In these the author still writes.
WRITABLE = (ReviewStatus.DRAFT, ReviewStatus.CHANGES_REQUESTED)


class Action(StrEnum):
    """What is entered in the record of decisions."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    DECLINE = "decline"
    SUPERSEDE = "supersede"
    RECHECK = "recheck"
    CONFIRM = "confirm"
    REMEDY = "remedy"
    LAPSE = "lapse"
    WITHDRAW_AFTER = "withdraw_after"
    VOID = "void"


#: What a moderator decides on a review that was handed in.
DECISIONS = (Action.APPROVE, Action.REQUEST_CHANGES, Action.DECLINE)
#: What the author does; everything else is done by somebody who is not the author.
AUTHORS_OWN = (Action.SUBMIT, Action.WITHDRAW, Action.LAPSE)

#: (status, action) → status; what is not here cannot be done.
TRANSITIONS = {
    (ReviewStatus.DRAFT, Action.SUBMIT): ReviewStatus.SUBMITTED,
    (ReviewStatus.CHANGES_REQUESTED, Action.SUBMIT): ReviewStatus.SUBMITTED,
    (ReviewStatus.DRAFT, Action.WITHDRAW): ReviewStatus.WITHDRAWN,
    (ReviewStatus.SUBMITTED, Action.WITHDRAW): ReviewStatus.WITHDRAWN,
    (ReviewStatus.CHANGES_REQUESTED, Action.WITHDRAW): ReviewStatus.WITHDRAWN,
    (ReviewStatus.SUBMITTED, Action.APPROVE): ReviewStatus.APPROVED,
    (ReviewStatus.SUBMITTED, Action.REQUEST_CHANGES): ReviewStatus.CHANGES_REQUESTED,
    (ReviewStatus.SUBMITTED, Action.DECLINE): ReviewStatus.DECLINED,
    (ReviewStatus.CHANGES_REQUESTED, Action.LAPSE): ReviewStatus.WITHDRAWN,
    (ReviewStatus.APPROVED, Action.SUPERSEDE): ReviewStatus.SUPERSEDED,
    (ReviewStatus.APPROVED, Action.WITHDRAW_AFTER): ReviewStatus.WITHDRAWN_AFTER,
    (ReviewStatus.SUPERSEDED, Action.WITHDRAW_AFTER): ReviewStatus.WITHDRAWN_AFTER,
    (ReviewStatus.APPROVED, Action.VOID): ReviewStatus.VOIDED,
    (ReviewStatus.SUPERSEDED, Action.VOID): ReviewStatus.VOIDED,
}


class Outcome(StrEnum):
    """What a moderator decides on one answer."""

    ACCEPTED = "accepted"
    TESTIMONY = "testimony"
    DROPPED = "dropped"


class Reason(StrEnum):
    """Why something was not accepted as it stood; used alike for answers that help a clinic and that harm it."""

    NO_EVIDENCE = "no_evidence"
    EVIDENCE_NOT_SUPPORTING = "evidence_not_supporting"
    NOT_ABOUT_THIS_CLINIC = "not_about_this_clinic"
    PERSONAL_DATA = "personal_data"
    STAFF_NAMED_UNNEEDED = "staff_named_unneeded"
    UNDISCLOSED_TIE = "undisclosed_tie"
    PAID_OR_REWARDED = "paid_or_rewarded"
    DUPLICATE = "duplicate"
    OUTSIDE_RUBRIC = "outside_rubric"
    ABUSIVE = "abusive"
    COPIED_TEXT = "copied_text"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _REASON_LABELS[self]


_REASON_LABELS = {
    Reason.NO_EVIDENCE: N_("No evidence was given"),
    Reason.EVIDENCE_NOT_SUPPORTING: N_("The evidence does not show what the answer says"),
    Reason.NOT_ABOUT_THIS_CLINIC: N_("It is about another clinic"),
    Reason.PERSONAL_DATA: N_("It holds a patient’s or a private person’s data"),
    Reason.STAFF_NAMED_UNNEEDED: N_("It names staff where no name is needed"),
    Reason.UNDISCLOSED_TIE: N_("A tie to the clinic was not declared"),
    Reason.PAID_OR_REWARDED: N_("It was paid for or rewarded"),
    Reason.DUPLICATE: N_("The same was handed in before"),
    Reason.OUTSIDE_RUBRIC: N_("It is about something that the checklist does not ask"),
    Reason.ABUSIVE: N_("It insults or threatens"),
    Reason.COPIED_TEXT: N_("The text is copied from elsewhere"),
}

_REASON_NEEDED = N_("Choose a reason, and say in a sentence what the author can do.")
_NEEDS_REASON = (Action.REQUEST_CHANGES, Action.DECLINE, Action.VOID)


def after(status: ReviewStatus, action: Action) -> ReviewStatus:
    """Return the status that `action` leads to; InvalidTransition where it cannot be done."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise InvalidTransition(N_("This cannot be done with the review as it stands now. Look at it again.")) from None


def check_reason(action: Action | Outcome, code: Reason | None, text: str, *, field: str = "reason") -> None:
    """Raise InvalidParameter, naming `field`, where a decision lacks the reason it needs or its words are unusable."""
    is_needed = action in _NEEDS_REASON or (isinstance(action, Outcome) and action is not Outcome.ACCEPTED)
    problems = {
        _REASON_NEEDED: is_needed and (code is None or not text.strip()),
        N_("Say in a sentence what the clinic mended, and where you saw it."): (
            action is Action.REMEDY and not text.strip()
        ),
        N_("Shorten the reason to 1,000 characters."): len(text) > LONGEST_REASON,
        NOT_PLAIN: not is_plain(text),
    }
    problem = next((sentence for sentence, is_so in problems.items() if is_so), "")
    if problem:
        raise InvalidParameter(field, problem)
