"""The words of suggestions about listings: what each kind asks for, where one stands, and what would change."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext

from directory.domain.facts import VOCABULARIES, Facts, Shown
from directory.domain.identifiers import STATES
from directory.domain.labels import N_
from directory.domain.profile import terms
from directory.domain.revisions import (
    REVISION_TRANSITIONS,
    ListingAction,
    ListingReason,
    RevisionKind,
    RevisionStatus,
)
from directory.services.duplicates import Duplicate
from directory.services.own_revisions import ListingStep, ShownRevision
from directory.web.presenters import miles, phone
from directory.web.prices import price_words


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a form says of its kind; `heading` has a place for the clinic's name."""

    heading: str
    #: The link to the form, and what stands beside it.
    offer: str
    lead: str
    legend: str
    hint: str
    button: str


@dataclass(frozen=True, kw_only=True)
class State:
    """Where a suggestion stands: the word, and what it means and what comes next."""

    label: str
    meaning: str


def init_app(app: Flask) -> None:
    """Give templates the words of suggestions."""
    app.jinja_env.filters |= {
        "wording": wording, "suggestion_state": state, "can_be_withdrawn": can_be_withdrawn, "why_back": why_back,
        "listing_next_step": next_step, "listing_action_words": action_words, "fact_label": fact_label,
        "fact_words": fact_words, "alike_words": alike_words, "one_line": one_line,
    }  # fmt: skip


def wording(kind: RevisionKind) -> Wording:
    """Return what a form says of its kind."""
    return _WORDINGS[kind]


def state(status: RevisionStatus) -> State:
    """Return where a suggestion stands."""
    return _STATES[status]


def can_be_withdrawn(suggestion: ShownRevision) -> bool:
    """Whether its author may take it back now."""
    return (suggestion.status, ListingAction.WITHDRAW) in REVISION_TRANSITIONS


def why_back(suggestion: ShownRevision) -> ListingStep | None:
    """Return the last decision where it says why a suggestion was not approved."""
    last = suggestion.steps[-1] if suggestion.steps else None
    return last if last and last.reason else None


def next_step(reason: ListingReason) -> str:
    """Return what an author can do about a reason."""
    return gettext(_NEXT[reason]) if reason in _NEXT else ""


def action_words(action: ListingAction) -> str:
    """Return what was done about a suggestion or a listing, in words."""
    return gettext(_ACTIONS[action])


def fact_label(name: str) -> str:
    """Return how a fact is called."""
    return gettext(_FACTS[name])


def fact_words(value: Shown, name: str = "") -> str:
    """Return a fact as people read it: a set as its labels, nothing as "Not stated"."""
    if isinstance(value, tuple):
        value = ", ".join(gettext(label) for label in value)
    readable = _READABLE[name](value) if name in _READABLE and value else value
    return readable or gettext("Not stated")


def alike_words(found: Duplicate) -> str:
    """Return in what two listings are alike: "The same telephone number. 0.3 mi away."."""
    said = [gettext("%(sentence)s.", sentence=gettext(why.label)) for why in found.why]
    if found.miles is not None:
        said.append(gettext("%(distance)s away.", distance=miles(found.miles)))
    return " ".join(said)


def one_line(found: Duplicate) -> str:
    """Return the address of a listing in one line."""
    place = f"{found.city}, {found.state} {found.postal_code or ''}".strip()
    return f"{found.address}, {place}" if found.address else place


def typed(found: Facts) -> dict[str, str | tuple[str, ...]]:
    """Return facts as a form holds them: a set as its words, a telephone number as people write it."""
    return {name: _typed(name, value) for name, value in found.items()}


def _typed(name: str, value: str | int) -> str | tuple[str, ...]:
    if name in VOCABULARIES:
        return tuple(term.word for term in terms(VOCABULARIES[name], int(value)))
    return phone(str(value)) if name == "phone" and value else str(value)


#: Facts that are kept in another form than they are read.
_READABLE: dict[str, Callable[[str], str]] = {
    "phone": phone,
    "price": price_words,
    "state": lambda code: STATES.get(code, code),
}
_WORDINGS = {
    RevisionKind.NEW: Wording(
        heading=N_("Propose a clinic"),
        offer=N_("Propose a clinic that is not listed"),
        lead=N_(
            "Name, city, state, how and when you learned of it, a sentence for the moderator, and your tie to it are"
            " enough. Everything else helps."
        ),
        legend=N_("The clinic"),
        hint=N_("What tells you that it offers ketamine or esketamine? Write nothing that tells who a patient is."),
        button=N_("Hand in the proposal"),
    ),
    RevisionKind.EDIT: Wording(
        heading=N_("Correct the listing of %(clinic)s"),
        offer=N_("A fact is wrong or missing"),
        lead=N_("Change what is wrong, add what is missing, and leave the rest as it is."),
        legend=N_("The facts, as they are listed now"),
        hint=N_("What is wrong now? Write nothing that tells who a patient is."),
        button=N_("Hand in the correction"),
    ),
    RevisionKind.MOVE: Wording(
        heading=N_("Report that %(clinic)s has moved"),
        offer=N_("It has moved to another address"),
        lead=N_("Say where it is now. Everything that was documented about the clinic moves with it."),
        legend=N_("The new address"),
        hint=N_("When did it move, as far as you know? Write nothing that tells who a patient is."),
        button=N_("Hand in the report"),
    ),
    RevisionKind.CLOSE: Wording(
        heading=N_("Report that %(clinic)s has closed"),
        offer=N_("It has closed for good"),
        lead=N_("Its page stays and says that it has closed; searches leave it out."),
        legend="",
        hint=N_("What did you see or hear? Write nothing that tells who a patient is."),
        button=N_("Hand in the report"),
    ),
    RevisionKind.REOPEN: Wording(
        heading=N_("Report that %(clinic)s is open again"),
        offer=N_("It is open again"),
        lead=N_("Its page then says so, and searches find it again."),
        legend="",
        hint=N_("What did you see or hear? Write nothing that tells who a patient is."),
        button=N_("Hand in the report"),
    ),
    RevisionKind.MERGE: Wording(
        heading=N_("Report that %(clinic)s is listed twice"),
        offer=N_("The same clinic is listed twice"),
        lead=N_("Two moderators compare both. One listing stays, with all that was documented about either."),
        legend=N_("The other listing"),
        hint=N_("What tells you that both are one clinic? Write nothing that tells who a patient is."),
        button=N_("Hand in the report"),
    ),
}
_STATES = {
    RevisionStatus.SUBMITTED: State(
        label=N_("Waiting for a moderator"),
        meaning=N_("A moderator who has no tie to the clinic opens the source and decides. You need do nothing now."),
    ),
    RevisionStatus.APPROVED_ONCE: State(
        label=N_("One of two moderators has agreed"),
        meaning=N_("A second one looks at it, and decides. You need do nothing now."),
    ),
    RevisionStatus.CHANGES_REQUESTED: State(
        label=N_("Changes asked for"),
        meaning=N_("A moderator needs something from you before it can be approved. Change it, and hand it in again."),
    ),
    RevisionStatus.APPROVED: State(
        label=N_("Approved"), meaning=N_("The directory says so now, with the source and the day that you named.")
    ),
    RevisionStatus.DECLINED: State(
        label=N_("Declined"), meaning=N_("Nothing of it is public. You can suggest it again with another source.")
    ),
    RevisionStatus.WITHDRAWN: State(label=N_("Taken back"), meaning=N_("You took it back. Nothing of it is public.")),
}
_NEXT = {
    ListingReason.NO_SOURCE: N_("Link to a page that anyone can open, or say where it can be seen."),
    ListingReason.SOURCE_NOT_SUPPORTING: N_("Link to the page that says it, or suggest what the source does say."),
    ListingReason.DUPLICATE: N_("You need do nothing. If something is wrong there, correct that listing."),
    ListingReason.NO_KETAMINE: N_("Show where it says that it offers ketamine or esketamine, if it does."),
    ListingReason.OTHER_CLINIC: N_("Suggest it for the clinic that it is about."),
    ListingReason.UNDISCLOSED_TIE: N_("Say what ties you to the clinic. You may suggest it all the same."),
    ListingReason.PERSONAL_DATA: N_("Take out everything that tells who a patient or a private person is."),
    ListingReason.ABUSIVE: N_("Say what is so without insult or threat."),
}
_ACTIONS = {
    ListingAction.SUBMIT: N_("Handed in"),
    ListingAction.WITHDRAW: N_("Taken back by its author"),
    ListingAction.REQUEST_CHANGES: N_("Changes asked for"),
    ListingAction.DECLINE: N_("Declined"),
    ListingAction.APPROVE_ONCE: N_("Agreed to by one of two"),
    ListingAction.APPROVE: N_("Approved"),
    ListingAction.HIDE: N_("Hidden"),
    ListingAction.UNHIDE: N_("Shown again"),
}
_FACTS = {
    "name": N_("Name"),
    "address": N_("Street and number"),
    "city": N_("City"),
    "state": N_("State"),
    "postal_code": N_("ZIP code"),
    "phone": N_("Telephone"),
    "website": N_("Website"),
    "contact_email": N_("E-mail address (never shown)"),
    "npi": N_("National Provider Identifier (NPI)"),
    "organisation": N_("Run by"),
    "routes": N_("Form of treatment"),
    "settings": N_("Where treatment takes place"),
    "conditions": N_("Conditions the clinic says it treats"),
    "psychotherapy": N_("Psychotherapy"),
    "insurance": N_("Insurance"),
    "payment_help": N_("Help with payment"),
    "accepts": N_("Who can come"),
    "price": N_("Price a session"),
}
