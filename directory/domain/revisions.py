"""How a listing changes: what can be suggested about it, who moves that from state to state, and what follows."""

from collections.abc import Mapping
from enum import StrEnum

from directory.domain.errors import InvalidParameter, InvalidTransition
from directory.domain.labels import N_
from directory.domain.moderation import LONGEST_REASON
from directory.domain.profile import ListingStatus
from directory.domain.texts import NOT_PLAIN, is_plain

#: The facts that a revision may state; the point on the map follows from the address.
REVISABLE = (
    "name", "address", "city", "state", "postal_code", "phone", "website", "contact_email", "npi", "organisation",
    "routes", "settings", "conditions", "psychotherapy", "insurance", "payment_help", "accepts", "price",
)  # fmt: skip
#: Of these the ones that say where the clinic is.
WHEREABOUTS = ("address", "city", "state", "postal_code")
#: So much somebody hands in within a day.
MOST_SUGGESTIONS_A_DAY = 20
#: A listing can be hidden for so many days before somebody has to decide on it again.
LONGEST_HIDING = 365


class RevisionKind(StrEnum):
    """What is suggested."""

    NEW = "new"
    EDIT = "edit"
    MOVE = "move"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _KIND_LABELS[self]

    @property
    def states_facts(self) -> bool:
        """Whether it says how facts of the listing shall read."""
        return self in {RevisionKind.NEW, RevisionKind.EDIT, RevisionKind.MOVE}


_KIND_LABELS = {
    RevisionKind.NEW: N_("A clinic that is not listed"),
    RevisionKind.EDIT: N_("A fact of the listing"),
    RevisionKind.MOVE: N_("A move to another address"),
    RevisionKind.CLOSE: N_("The clinic has closed"),
    RevisionKind.REOPEN: N_("The clinic is open again"),
    RevisionKind.MERGE: N_("Two listings of one clinic"),
}


class RevisionStatus(StrEnum):
    """Where a revision stands."""

    SUBMITTED = "submitted"
    #: One of the two who must agree has.
    APPROVED_ONCE = "approved_once"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


#: In these it waits for a moderator.
WAITING = (RevisionStatus.SUBMITTED, RevisionStatus.APPROVED_ONCE)
#: At most one of these an author and listing.
OPEN_REVISIONS = (*WAITING, RevisionStatus.CHANGES_REQUESTED)


class ListingAction(StrEnum):
    """What is entered in the record of decisions on listings."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REQUEST_CHANGES = "request_changes"
    DECLINE = "decline"
    APPROVE_ONCE = "approve_once"
    APPROVE = "approve"
    HIDE = "hide"
    UNHIDE = "unhide"


#: What a moderator decides on a revision; that an approval is the first of two is not theirs to choose.
REVISION_DECISIONS = (ListingAction.APPROVE, ListingAction.REQUEST_CHANGES, ListingAction.DECLINE)
#: What the author does; everything else is done by somebody who is not the author.
REVISERS_OWN = (ListingAction.SUBMIT, ListingAction.WITHDRAW)
#: What takes the agreement of two who are not the author.
BY_TWO = (RevisionKind.MERGE,)

#: (status, action) → status, "" before the first; what is not here cannot be done. Of kinds in BY_TWO an approval of
#: what was submitted is entered as the first of two; of the others it is the only one.
REVISION_TRANSITIONS: Mapping[tuple[str, ListingAction], RevisionStatus] = {
    ("", ListingAction.SUBMIT): RevisionStatus.SUBMITTED,
    (RevisionStatus.CHANGES_REQUESTED, ListingAction.SUBMIT): RevisionStatus.SUBMITTED,
    **{(status, ListingAction.WITHDRAW): RevisionStatus.WITHDRAWN for status in OPEN_REVISIONS},
    **{(status, ListingAction.REQUEST_CHANGES): RevisionStatus.CHANGES_REQUESTED for status in WAITING},
    **{(status, ListingAction.DECLINE): RevisionStatus.DECLINED for status in WAITING},
    (RevisionStatus.SUBMITTED, ListingAction.APPROVE_ONCE): RevisionStatus.APPROVED_ONCE,
    (RevisionStatus.SUBMITTED, ListingAction.APPROVE): RevisionStatus.APPROVED,
    (RevisionStatus.APPROVED_ONCE, ListingAction.APPROVE): RevisionStatus.APPROVED,
}

#: (listing, kind) → what the listing is when the revision is approved. A clinic that moves keeps its listing, and with
#: it all that was documented (ADR 10).
LISTING_TRANSITIONS = {
    (ListingStatus.PROPOSED, RevisionKind.NEW): ListingStatus.PUBLISHED,
    (ListingStatus.PUBLISHED, RevisionKind.EDIT): ListingStatus.PUBLISHED,
    (ListingStatus.PUBLISHED, RevisionKind.MOVE): ListingStatus.PUBLISHED,
    (ListingStatus.PUBLISHED, RevisionKind.CLOSE): ListingStatus.CLOSED,
    (ListingStatus.CLOSED, RevisionKind.REOPEN): ListingStatus.PUBLISHED,
    (ListingStatus.PUBLISHED, RevisionKind.MERGE): ListingStatus.MERGED,
    (ListingStatus.CLOSED, RevisionKind.MERGE): ListingStatus.MERGED,
}
#: What becomes of a proposed listing that is not published.
UNLISTED = {
    ListingAction.DECLINE: ListingStatus.DECLINED,
    ListingAction.WITHDRAW: ListingStatus.WITHDRAWN,
}
#: Statuses of a listing that only a decision gives and takes; an import may publish and close.
BY_DECISION = (ListingStatus.MERGED, ListingStatus.HIDDEN, ListingStatus.DECLINED, ListingStatus.WITHDRAWN)


class ListingReason(StrEnum):
    """Why a revision was not accepted as it stood, or a listing hidden."""

    NO_SOURCE = "no_source"
    SOURCE_NOT_SUPPORTING = "source_not_supporting"
    DUPLICATE = "duplicate"
    NO_KETAMINE = "no_ketamine"
    OTHER_CLINIC = "other_clinic"
    UNDISCLOSED_TIE = "undisclosed_tie"
    PERSONAL_DATA = "personal_data"
    ABUSIVE = "abusive"
    LEGAL_REQUEST = "legal_request"

    @property
    def label(self) -> str:
        """The English label, to be translated by web/."""
        return _REASON_LABELS[self]


_REASON_LABELS = {
    ListingReason.NO_SOURCE: N_("Nobody else can look at the source"),
    ListingReason.SOURCE_NOT_SUPPORTING: N_("The source does not say this"),
    ListingReason.DUPLICATE: N_("It is listed already"),
    ListingReason.NO_KETAMINE: N_("It does not offer ketamine or esketamine"),
    ListingReason.OTHER_CLINIC: N_("It is about another clinic"),
    ListingReason.UNDISCLOSED_TIE: N_("A tie to the clinic was not declared"),
    ListingReason.PERSONAL_DATA: N_("It holds a patient’s or a private person’s data"),
    ListingReason.ABUSIVE: N_("It insults or threatens"),
    ListingReason.LEGAL_REQUEST: N_("Somebody asked for it with a legal reason"),
}
#: The reasons for which a moderator does not accept a revision.
DECLINING = tuple(reason for reason in ListingReason if reason is not ListingReason.LEGAL_REQUEST)

#: Of what was submitted: whether it takes two → how it is not approved.
_OUT_OF_TURN = {True: ListingAction.APPROVE, False: ListingAction.APPROVE_ONCE}
_NEEDS_REASON = (ListingAction.REQUEST_CHANGES, ListingAction.DECLINE, ListingAction.HIDE)


def entered(kind: RevisionKind, status: RevisionStatus, action: ListingAction) -> ListingAction:
    """Return what is entered where somebody decides `action`: an approval of what takes two may be the first."""
    is_first = kind in BY_TWO and status is RevisionStatus.SUBMITTED and action is ListingAction.APPROVE
    return ListingAction.APPROVE_ONCE if is_first else action


def revised(kind: RevisionKind, status: RevisionStatus | None, action: ListingAction) -> RevisionStatus:
    """Return the status that `action` leads to, None being before the first; InvalidTransition where it cannot be."""
    found = REVISION_TRANSITIONS.get((status or "", action))
    is_out_of_turn = status is RevisionStatus.SUBMITTED and action is _OUT_OF_TURN[kind in BY_TWO]
    if found is None or is_out_of_turn:
        raise InvalidTransition(N_("This cannot be done with the suggestion as it stands now. Look at it again."))
    return found


def relisted(status: ListingStatus, kind: RevisionKind) -> ListingStatus:
    """Return what a listing becomes when a revision of `kind` is approved; InvalidTransition where it cannot be."""
    try:
        return LISTING_TRANSITIONS[status, kind]
    except KeyError:
        raise InvalidTransition(
            N_("The listing is not what it was when this was suggested. Look at it again.")
        ) from None


def can_be_suggested(status: ListingStatus, kind: RevisionKind) -> bool:
    """Whether that can be suggested of a listing as it stands; a new one is proposed otherwise."""
    return kind is not RevisionKind.NEW and (status, kind) in LISTING_TRANSITIONS


def check_listing_reason(action: ListingAction, code: ListingReason | None, text: str) -> None:
    """Raise InvalidParameter naming "reason" where a decision lacks the reason it needs or its words are unusable."""
    problems = {
        N_("Choose a reason, and say in a sentence what was wrong and what would help."): (
            action in _NEEDS_REASON and (code is None or not text.strip())
        ),
        N_("Shorten the reason to 1,000 characters."): len(text) > LONGEST_REASON,
        NOT_PLAIN: not is_plain(text),
    }
    problem = next((sentence for sentence, is_so in problems.items() if is_so), "")
    if problem:
        raise InvalidParameter("reason", problem)
