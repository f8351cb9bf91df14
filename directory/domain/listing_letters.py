"""What letters say of decisions on listings: to who suggested something, to the clinic, and to those who reviewed it.

As in domain.letters, neither the subject nor the first words tell of which clinic.
"""

from dataclasses import dataclass
from datetime import date

from directory.domain.labels import N_
from directory.domain.letters import day, one_line, plain_mail, why
from directory.domain.mail import Mail, Site
from directory.domain.revisions import ListingAction, ListingReason, RevisionKind


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision on a suggestion. `listing` is name and place as it reads now; of a merge `successor` is what stays."""

    listing: str
    on: date
    kind: RevisionKind
    action: ListingAction
    reason: ListingReason | None = None
    words: str = ""
    successor: str = ""


def to_author(decided: Decided, recipient: str, site: Site, listing_page: str) -> Mail:
    """Return what the author of a suggestion is told; `site.page` is where they read it."""
    say, is_approved = site.say, decided.action is ListingAction.APPROVE
    paragraphs = (
        say(_READ),
        "\n".join(
            (
                f"{say(N_('You suggested:'))} {say(decided.kind.label)}",
                f"{say(N_('Listing:'))} {one_line(decided.listing)}",
                f"{say(N_('Decided:'))} {day(decided.on, say)}",
                f"{say(N_('Decision:'))} {say(_DECIDED[decided.action])}",
            )
        ),
        *why(decided.reason, decided.words, say),
        f"{say(N_('What you can do now:'))} {say(_NOW[decided.action])}",
        *([f"{say(N_('The listing:'))}\n{listing_page}"] if is_approved else []),
        f"{say(N_('Your suggestion, and all that was decided on it:'))}\n{site.page}",
    )
    return plain_mail("suggestion", recipient, say(N_("What was decided on what you suggested")), paragraphs, site)


def to_clinic(listing: str, recipient: str, site: Site) -> Mail:
    """Return the letter by which a clinic learns that it is listed, in English; `site.page` is its page."""
    paragraphs = (
        f"{N_('To whoever answers for')} {one_line(listing)}:",
        N_(
            "Somebody suggested your clinic for a directory of clinics that offer ketamine or esketamine. A moderator"
            " looked at the source, and the page at the end of this letter is public now."
        ),
        N_(
            "The page shows facts with their sources, and what people documented: who supervises, what is asked before"
            " treatment, what is promised. So far nobody has checked anything, and the page says so. Nobody pays to be"
            " listed, and nobody can pay to be left out."
        ),
        N_(
            "If a fact is wrong, write to the address that this letter came from, and say on which page anyone can see"
            " the right one. Before a critical warning sign is shown as confirmed, you are told and can answer first."
        ),
        N_(
            "Please do not confirm or deny that anybody was your patient, and tell nothing of visits, treatment or"
            " payments: privacy law (HIPAA) binds your answer too."
        ),
        f"{N_('The page:')}\n{site.page}",
    )
    return plain_mail("listed", recipient, N_("Your clinic is listed, and how to answer"), paragraphs, site)


def to_reviewer(decided: Decided, recipient: str, site: Site) -> Mail:
    """Return what those are told who reviewed a clinic that closed, moved or was merged; `site.page` is its page."""
    say = site.say
    changed = say(_CHANGED[decided.kind]).format(successor=one_line(decided.successor))
    paragraphs = (
        say(N_("A moderator has looked at a source, and has changed a listing. You handed in a review of it.")),
        "\n".join(
            (
                f"{say(N_('Clinic:'))} {one_line(decided.listing)}",
                f"{say(N_('Since:'))} {day(decided.on, say)}",
                f"{say(N_('What changed:'))} {changed}",
            )
        ),
        say(_NOTHING_TO_DO),
        f"{say(N_('The page:'))}\n{site.page}",
    )
    return plain_mail("relisted", recipient, say(N_("Something changed about what you wrote of")), paragraphs, site)


_READ = N_("A moderator has read what you suggested, looked at your source, and decided. No automated means were used.")
_NOTHING_TO_DO = N_(
    "You need not do anything. If this is wrong, say so on the page, with a source that anyone can look at."
)
_DECIDED = {
    ListingAction.APPROVE: N_("approved. It is public now, with your source and the day you gave."),
    ListingAction.REQUEST_CHANGES: N_("sent back to you for changes. The listing stays as it is until then."),
    ListingAction.DECLINE: N_("declined. The listing stays as it is."),
}
_NOW = {
    ListingAction.APPROVE: N_("Nothing is left to do. Thank you."),
    ListingAction.REQUEST_CHANGES: N_("Open your suggestion, change what is named above, and hand it in again."),
    ListingAction.DECLINE: N_("Suggest it again with a source that shows it, where there is one."),
}
#: Of which changes those learn who reviewed a clinic.
_CHANGED = {
    RevisionKind.CLOSE: N_("It has closed. What was documented stays on its page."),
    RevisionKind.MOVE: N_("It has moved. Its listing moved along, with all that was documented."),
    RevisionKind.MERGE: N_(
        "It was listed twice. The other listing stays, {successor}, and what was documented counts there."
    ),
}
REVIEWERS_ARE_TOLD = tuple(_CHANGED)
