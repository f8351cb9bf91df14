"""An answer of a review that is not public, as its author and moderators see it: all of its evidence, in words."""

from dataclasses import dataclass
from datetime import date

from flask import Flask
from flask_babel import gettext, ngettext

from directory.domain.checklist import Value
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.findings import TESTIMONY
from directory.domain.labels import N_
from directory.domain.moderation import Action, Outcome
from directory.domain.revisions import ListingAction
from directory.services.handed_in import HandedIn
from directory.web.evidence import Address, tier_words
from directory.web.presenters import host


@dataclass(frozen=True, kw_only=True)
class ShownEvidence:
    """One piece of evidence; `kind` says what it is, the addresses are None where there are none."""

    kind: str
    quote: str
    note: str
    source: Address | None
    archive: Address | None
    seen_on: date


def init_app(app: Flask) -> None:
    """Give templates the words for what was handed in."""
    app.jinja_env.filters |= {
        "shown_pieces": pieces, "shown_pages": pages, "pages_words": pages_words, "weight_words": weight_words,
        "points_to": points_to, "action_words": action_words, "outcome_words": outcome_words,
    }  # fmt: skip


def pieces(answer: HandedIn) -> list[ShownEvidence]:
    """Return the evidence for an answer but the pages that were read."""
    return [_shown(each) for each in answer.evidence if each.kind is not EvidenceKind.PAGE_READ]


def pages(answer: HandedIn) -> list[ShownEvidence]:
    """Return the pages that were read, and on which nothing of the kind was found."""
    return [_shown(each) for each in answer.evidence if each.kind is EvidenceKind.PAGE_READ]


def pages_words(answer: HandedIn) -> str:
    """Return what the pages read amount to: their number, and whether the reviewer says that there are no more."""
    read = ngettext("%(num)d page read", "%(num)d pages read", len(pages(answer)))
    if answer.is_whole_site_read:
        return gettext("%(pages)s, the whole site as the reviewer says:", pages=read)
    return gettext("%(pages)s, and nothing of the kind found there:", pages=read)


def weight_words(answer: HandedIn) -> str:
    """Return who can check an answer, or as what it was accepted; "" for one that says nothing."""
    is_word_only = answer.judgement is not None and answer.judgement.outcome is Outcome.TESTIMONY
    return tier_words(TESTIMONY if is_word_only else answer.tier) if answer.tier else ""


def points_to(answer: HandedIn) -> str:
    """Return what an answer means for the clinic."""
    if answer.value not in {Value.YES, Value.NO}:
        return gettext("Says nothing for or against the clinic")
    return gettext(_POINTS_TO[answer.criterion.is_sign, answer.value is answer.criterion.against])


def action_words(action: Action | ListingAction) -> str:
    """Return what was done about a review or a suggestion, in words."""
    return gettext(_ACTIONS[action])


def outcome_words(outcome: Outcome) -> str:
    """Return what was decided on an answer, in words."""
    return gettext(_OUTCOMES[outcome])


_POINTS_TO = {
    (True, True): N_("Speaks for this warning sign"),
    (True, False): N_("Speaks against this warning sign"),
    (False, True): N_("Says that it is absent"),
    (False, False): N_("Says that it is in place"),
}
_ACTIONS: dict[str, str] = {
    Action.SUBMIT: N_("Handed in"),
    Action.WITHDRAW: N_("Taken back by its author"),
    Action.APPROVE: N_("Approved"),
    Action.REQUEST_CHANGES: N_("Changes asked for"),
    Action.DECLINE: N_("Declined"),
    Action.SUPERSEDE: N_("Followed by a newer review"),
    Action.LAPSE: N_("Closed, as no changes came"),
    Action.WITHDRAW_AFTER: N_("Taken back as its author wished"),
    Action.VOID: N_("Made void by two people"),
    ListingAction.APPROVE_ONCE: N_("Agreed to, as the first of two"),
}
_OUTCOMES = {
    Outcome.ACCEPTED: N_("Accepted"),
    Outcome.TESTIMONY: N_("Accepted as a first-hand report only"),
    Outcome.DROPPED: N_("Dropped"),
}


def _shown(evidence: Evidence) -> ShownEvidence:
    return ShownEvidence(
        kind=gettext(evidence.kind.label),
        quote=evidence.quote.strip(),
        note=evidence.note.strip(),
        source=_address(evidence.url),
        archive=_address(evidence.archive_url),
        seen_on=evidence.seen_on,
    )


def _address(url: str) -> Address | None:
    # The database takes no other addresses than those of the web, so that each of them may be a link.
    return Address(url, host(url)) if url else None
