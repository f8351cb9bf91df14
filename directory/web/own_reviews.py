"""One's own reviews in words: where each stands, what can be done now, and what of it counts until when."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext

from directory.domain.labels import N_
from directory.domain.moderation import TRANSITIONS, Action, Reason, ReviewStatus
from directory.services.handed_in import Step
from directory.services.own_reviews import Counts, OwnAnswer, ShownReview
from directory.web.presenters import day


@dataclass(frozen=True, kw_only=True)
class State:
    """Where a review stands: the word, what it means and what comes next, and what the link to the form says.

    `write` is "" where the form of this clinic has nothing to offer now.
    """

    label: str
    meaning: str
    write: str = ""


def init_app(app: Flask) -> None:
    """Give templates the words of one's own reviews."""
    app.jinja_env.filters |= {
        "own_state": state, "own_counts": counts_words, "why_sent_back": why_sent_back,
        "next_step": next_step, "can_be_taken_back": can_be_taken_back,
        "can_be_wished_back": can_be_wished_back, "own_meaning": meaning,
    }  # fmt: skip


def state(status: ReviewStatus) -> State:
    """Return where a review stands."""
    return _STATES[status]


def can_be_taken_back(review: ShownReview) -> bool:
    """Whether its author may withdraw it now."""
    return (review.status, Action.WITHDRAW) in TRANSITIONS


def can_be_wished_back(review: ShownReview) -> bool:
    """Whether its author may ask to have it back."""
    return (review.status, Action.WITHDRAW_AFTER) in TRANSITIONS


def meaning(review: ShownReview) -> str:
    """Return what the state of a review means; one that lapsed was not taken back by anybody."""
    has_lapsed = review.status is ReviewStatus.WITHDRAWN and review.steps and review.steps[-1].action is Action.LAPSE
    return gettext(_LAPSED) if has_lapsed else gettext(_STATES[review.status].meaning)


def why_sent_back(review: ShownReview) -> Step | None:
    """Return the last decision where it says why a review was not approved."""
    last = review.steps[-1] if review.steps else None
    return last if last and last.reason else None


def next_step(reason: Reason) -> str:
    """Return what an author can do about a reason."""
    return gettext(_NEXT[reason])


def counts_words(answer: OwnAnswer) -> str:
    """Return whether an answer counts, and until when; "" for one that says nothing."""
    return gettext(_COUNTS[answer.counts], day=day(answer.until)) if answer.until else ""


_WRITE_AGAIN = N_("Write another review of this clinic")
_LAPSED = N_(
    "Changes were asked for, and none came within 30 days, so it is closed. Nothing of it is public, and nothing"
    " counts."
)
_STATES = {
    ReviewStatus.DRAFT: State(
        label=N_("Draft"),
        meaning=N_("Only you can see it. Go on where you stopped, and hand it in when it is done."),
        write=N_("Go on writing"),
    ),
    ReviewStatus.SUBMITTED: State(
        label=N_("Waiting for a moderator"),
        meaning=N_("A moderator who has no tie to the clinic reads it and decides. You need do nothing now."),
    ),
    ReviewStatus.CHANGES_REQUESTED: State(
        label=N_("Changes asked for"),
        meaning=N_(
            "A moderator needs something from you before it can be approved. Change it, and hand it in again within 30"
            " days; after that it is closed."
        ),
        write=N_("Change it"),
    ),
    ReviewStatus.APPROVED: State(
        label=N_("Approved"),
        meaning=N_(
            "Its accepted answers count for the clinic until the days shown below. You cannot take an approved review"
            " back alone, but you can ask for it. To correct it, write a newer one: where both answer a question, the"
            " newer answer counts."
        ),
        write=N_("Update it with a newer review"),
    ),
    ReviewStatus.DECLINED: State(
        label=N_("Declined"),
        meaning=N_("Nothing of it is public, and nothing counts. You can write another that mends what is said below."),
        write=_WRITE_AGAIN,
    ),
    ReviewStatus.WITHDRAWN: State(
        label=N_("Taken back"),
        meaning=N_("You took it back. Nothing of it is public, and nothing counts."),
        write=_WRITE_AGAIN,
    ),
    ReviewStatus.SUPERSEDED: State(
        label=N_("Followed by a newer review"),
        meaning=N_("A newer review of yours was approved. What that one leaves open still counts from this one."),
        write=_WRITE_AGAIN,
    ),
    ReviewStatus.WITHDRAWN_AFTER: State(
        label=N_("Taken back after approval"),
        meaning=N_("You asked for it, and a moderator took it back. Nothing of it counts any more."),
        write=_WRITE_AGAIN,
    ),
    ReviewStatus.VOIDED: State(
        label=N_("Made void"),
        meaning=N_("Two people found that its approval was a mistake. Nothing of it counts any more."),
        write=_WRITE_AGAIN,
    ),
}
_COUNTS = {
    Counts.YES: N_("Counts until %(day)s."),
    Counts.UNDECIDED: N_("Counts once the review is approved and this answer is accepted."),
    Counts.NOT_APPROVED: N_("It does not count."),
    Counts.DROPPED: N_("It does not count."),
    Counts.RAN_OUT: N_("Counted until %(day)s, and has run out. Look again, and write a newer review."),
    Counts.MENDED: N_("Counts no more: two moderators found that the clinic mended it."),
    Counts.REPLACED: N_("Counts no more: a newer answer of yours, or a newer checklist, took its place."),
}
_NEXT = {
    Reason.NO_EVIDENCE: N_("Add a link with the exact words, or say what you saw or were told, and when."),
    Reason.EVIDENCE_NOT_SUPPORTING: N_("Quote the sentence that shows it, or answer what the source does show."),
    Reason.NOT_ABOUT_THIS_CLINIC: N_("Review the clinic that it is about, and leave it out here."),
    Reason.PERSONAL_DATA: N_("Take out everything that tells who a patient or a private person is."),
    Reason.STAFF_NAMED_UNNEEDED: N_("Say what was done and in which role, without the name."),
    Reason.UNDISCLOSED_TIE: N_("Say what ties you to the clinic. With most ties somebody else must review it."),
    Reason.PAID_OR_REWARDED: N_("Reviews that somebody pays for or rewards are not taken, whatever they say."),
    Reason.DUPLICATE: N_("You need do nothing: what you handed in before stands."),
    Reason.OUTSIDE_RUBRIC: N_("Keep to the questions of the checklist; other matters have no place in a review yet."),
    Reason.ABUSIVE: N_("Say what happened without insult or threat."),
    Reason.COPIED_TEXT: N_("Say it in your own words, and quote only the clinic’s own page, with its address."),
}
