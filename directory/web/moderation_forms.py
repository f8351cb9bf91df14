"""The form by which a moderator decides on a review: what to do with the whole, and with each of its answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from directory.domain.errors import InvalidParameter
from directory.domain.evidence import EvidenceKind
from directory.domain.findings import TESTIMONY, VERIFIABLE
from directory.domain.labels import N_
from directory.domain.moderation import DECISIONS, LONGEST_REASON, Action, Outcome, Reason, check_reason
from directory.services.handed_in import HandedIn
from directory.services.moderation import Judgement, ReviewDecision
from directory.services.queue import OpenedReview
from directory.web.letters import site
from directory.web.reason_words import words_for
from directory.web.written import paragraphs, plain

#: What a moderator can choose for an answer.
OFFERED = {
    Outcome.ACCEPTED: N_("Accept"),
    Outcome.TESTIMONY: N_("Accept as a first-hand report only"),
    Outcome.DROPPED: N_("Drop"),
}


class ReasonForm(FlaskForm):
    """A decision with its reason: one of the list, and words to the author.

    `name` is what it decides on, where that is a part of the review.
    """

    name = ""
    is_whole = True

    reason = SelectField(lazy_gettext("Reason"), validate_choice=False)
    words = TextAreaField(
        lazy_gettext("In words, to the author"),
        [Length(max=LONGEST_REASON, message=lazy_gettext("Shorten the reason to 1,000 characters.")), plain],
        filters=[paragraphs],
    )

    def __init__(self, reasons: Iterable[Reason] = Reason, **options: Any) -> None:
        super().__init__(**options)
        self.reason.choices = [
            ("", gettext("Choose a reason")),
            *((each.value, gettext(each.label), self._usual(each)) for each in reasons),
        ]

    def _usual(self, reason: Reason) -> dict[str, str]:
        # For the script, which fills them in as soon as a reason is chosen.
        return {"data-words": words_for(reason, whole=self.is_whole)}

    @property
    def code(self) -> Reason | None:
        """The reason that was chosen; None for none and for what is not in the list."""
        offered = {choice[0] for choice in self.reason.choices or ()}
        return Reason(self.reason.data) if self.reason.data in set(Reason) & offered else None

    def fill_in(self) -> None:
        """Put what is usually said for the reason that was chosen where nothing was typed."""
        if self.code and not self.words.data:
            self.words.data = words_for(self.code, whole=self.is_whole)

    def hold(self, decided: Action | Outcome) -> None:
        """Put a sentence beside what is missing for such a decision."""
        if not _needs_reason(decided):
            return
        if self.code is None:
            _add(self.reason, gettext("Choose the reason that fits best."))
        if not self.words.data:
            _add(self.words, gettext("Say in a sentence why; the author reads it."))


class JudgementForm(ReasonForm):
    """What is decided on one answer."""

    class Meta:
        """WTForms' own settings: the form around it holds the token."""

        csrf = False

    is_whole = False

    outcome = RadioField(lazy_gettext("Decision"), validate_choice=False)
    seen = BooleanField(lazy_gettext("I opened the source myself and saw the quote"))

    def __init__(self, answer: HandedIn) -> None:
        super().__init__(prefix=f"{answer.criterion.slug}-")
        offered = [each for each in Outcome if each is not Outcome.TESTIMONY or answer.tier != TESTIMONY]
        self.outcome.choices = [(each.value, gettext(OFFERED[each])) for each in offered]
        self.name = gettext(answer.criterion.name)
        if answer.tier != VERIFIABLE:
            del self.seen
        elif all(piece.kind is not EvidenceKind.LINK for piece in answer.evidence):
            self.seen.label.text = gettext("I read these pages myself and found nothing of the kind")

    @property
    def decided(self) -> Outcome | None:
        """The outcome that was chosen among those offered."""
        is_offered = self.outcome.data in {value for value, _ in self.outcome.choices}
        return Outcome(self.outcome.data) if is_offered else None

    @property
    def has_seen(self) -> bool:
        """Whether a re-check goes with it: the answer is accepted as it stands, and its source was opened."""
        return self.decided is Outcome.ACCEPTED and "seen" in self and bool(self.seen.data)

    def demand(self) -> None:
        """Put a sentence beside what is missing where the whole review is approved."""
        if self.decided is None:
            _add(self.outcome, gettext("Accept this answer or drop it."))
        else:
            self.hold(self.decided)

    def judgement(self) -> Judgement:
        """Return the valid form; an accepted answer has no reason, whatever was typed before."""
        if self.decided is Outcome.ACCEPTED or self.decided is None:
            return Judgement(outcome=Outcome.ACCEPTED)
        return Judgement(outcome=self.decided, reason=self.code, words=self.words.data)


class DecisionForm(ReasonForm):
    """The decision on a review. `judgements` has a form for each answer that says yes or no, by criterion."""

    #: The value of the button that was pressed.
    action = StringField(
        lazy_gettext("What to do"),
        [AnyOf(DECISIONS, message=lazy_gettext("Approve the review, ask its author for changes, or decline it."))],
    )
    version = HiddenField()

    def __init__(self, review: OpenedReview) -> None:
        super().__init__(data={"version": str(review.version)})
        self._review_id = review.public_id
        self._silent = [each.criterion.slug for each in review.answers if each.tier is None]
        self.judgements: Mapping[str, JudgementForm] = {
            each.criterion.slug: JudgementForm(each) for each in review.answers if each.tier is not None
        }

    @property
    def seen_version(self) -> int:
        """The version of the review that was read; 0, which none has, for what is no number."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0

    @property
    def seen(self) -> list[str]:
        """The criteria of the answers whose source the moderator opened."""
        return [slug for slug, form in self.judgements.items() if form.has_seen]

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What is marked so far, by criterion."""
        return {slug: form.decided for slug, form in self.judgements.items() if form.decided}

    def fill_in_all(self) -> None:
        """Put what is usually said beside every reason that was chosen."""
        for form in (self, *self.judgements.values()):
            form.fill_in()

    def is_complete(self) -> bool:
        """Whether the decision can be taken; what is missing is said beside each field."""
        is_well_formed = [form.validate() for form in (self, *self.judgements.values())]
        if self.action.data in DECISIONS:
            self.hold(Action(self.action.data))
        if self.action.data == Action.APPROVE:
            for form in self.judgements.values():
                form.demand()
        return all(is_well_formed) and not self.problems()

    def problems(self) -> list[tuple[str, str]]:
        """Return what is to be changed in the order of the page: the id of each control, and the sentence."""
        forms = (*self.judgements.values(), self)
        return [(_control(field), _named(form, field)) for form in forms for field in form if field.errors]

    def decision(self) -> ReviewDecision:
        """Return what the complete form says; answers that say nothing are accepted as they stand."""
        said = {slug: form.judgement() for slug, form in self.judgements.items()}
        silent = dict.fromkeys(self._silent, Judgement(outcome=Outcome.ACCEPTED))
        return ReviewDecision(
            action=Action(self.action.data),
            answers=said | silent,
            reason=self.code,
            words=self.words.data,
            seen=self.seen,
            site=site("reviews.show", public_id=self._review_id),
        )


def _needs_reason(decided: Action | Outcome) -> bool:
    try:
        check_reason(decided, None, "")
    except InvalidParameter:
        return True
    return False


def _control(field: Field) -> str:
    """Return the id of what a link to a field leads to: of several buttons the first."""
    return f"{field.id}-0" if isinstance(field, RadioField) else str(field.id)


def _named(form: ReasonForm, field: Field) -> str:
    """Return what is wrong with a field, after the name of what the form decides on."""
    sentence = str(field.errors[0])
    return gettext("%(name)s: %(sentence)s", name=form.name, sentence=sentence) if form.name else sentence


def _add(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]
