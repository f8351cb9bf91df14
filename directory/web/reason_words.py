"""Words that moderators can begin with: for each reason a sentence about an answer, and one about the whole review."""

from flask_babel import gettext

from directory.domain.labels import N_
from directory.domain.moderation import Reason

#: Reason → what is said when an answer is not accepted as it stands, and when the whole review is sent back.
WORDS: dict[Reason, tuple[str, str]] = {
    Reason.NO_EVIDENCE: (
        N_("Nothing shows this. Link to the page and copy its words, or tell what you saw yourself and when."),
        N_("No answer has anything that shows it. Add links with the exact words, or what you saw yourself and when."),
    ),
    Reason.EVIDENCE_NOT_SUPPORTING: (
        N_("The words you quote do not say this. Quote the sentence that does, or change your answer."),
        N_("What you quote does not show what you answer. Quote the sentences that do, or change the answers."),
    ),
    Reason.NOT_ABOUT_THIS_CLINIC: (
        N_("The source is about another clinic. Link to a page of this one."),
        N_("This is about another clinic. Please hand it in for the one that you mean."),
    ),
    Reason.PERSONAL_DATA: (
        N_("This names or describes a private person. Say the same without them."),
        N_("This names or describes private people. Say the same without them."),
    ),
    Reason.STAFF_NAMED_UNNEEDED: (
        N_("The name of the staff member is not needed here. Say what was done, and leave out by whom."),
        N_("The names of staff are not needed. Say what was done, and leave out by whom."),
    ),
    Reason.UNDISCLOSED_TIE: (
        N_("You did not tell us of a tie to this clinic. Declare it; it is shown to nobody but us."),
        N_("You did not tell us of a tie to this clinic. Whoever has one other than as a patient cannot review it."),
    ),
    Reason.PAID_OR_REWARDED: (
        N_("Somebody paid or rewarded this answer, so we cannot count it."),
        N_("Somebody paid or rewarded this review, so we cannot count it."),
    ),
    Reason.DUPLICATE: (
        N_("You have told us the same before; that answer counts already."),
        N_("The same was handed in before; that review counts already."),
    ),
    Reason.OUTSIDE_RUBRIC: (
        N_("The checklist does not ask this. Answer its question, or leave it open."),
        N_("The checklist does not ask any of this. Answer its questions; what you cannot know, leave open."),
    ),
    Reason.ABUSIVE: (
        N_("This insults or threatens somebody. Say what happened, without that."),
        N_("This insults or threatens somebody. Hand it in again without that, and it will be read like any other."),
    ),
    Reason.COPIED_TEXT: (
        N_("These words stand elsewhere. Tell us in your own what you saw."),
        N_("This text is copied from elsewhere. Tell us in your own words what you saw."),
    ),
}


def words_for(reason: Reason, *, whole: bool) -> str:
    """Return what is usually said for a reason, of the whole review or of one answer."""
    return gettext(WORDS[reason][whole])
