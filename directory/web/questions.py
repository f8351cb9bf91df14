"""The sheet of questions to ask one clinic: what is unknown, stale or in dispute there, to be printed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain import questions
from directory.domain.access import Permission
from directory.domain.labels import N_
from directory.domain.questions import Question, Why
from directory.services import profiles
from directory.services.profiles import ClinicProfile
from directory.web import evidence
from directory.web.access import needs
from directory.web.requests import today

blueprint = Blueprint("questions", __name__, url_prefix="/clinics")

#: Fact → the criterion whose question asks for it too.
_ASKED_BY = {
    "psychotherapy": "psychotherapy_integration",
    "price": "price_published",
    "insurance": "insurance_payment_terms",
    "payment_help": "insurance_payment_terms",
}
#: Fact → what to ask where no source has stated it.
_OF_FACTS = {
    "routes": N_("In which forms do you give ketamine: by infusion, injection, nasal spray or by mouth?"),
    "settings": N_("Where does treatment take place, and which part of it by video?"),
    "conditions": N_("Which conditions do you treat with ketamine, and which do you turn away?"),
    "psychotherapy": N_("Is psychotherapy part of the treatment, and does it cost extra?"),
    "price": N_("What does one session cost in all, with the visits before and after it?"),
    "insurance": N_("Which insurance do you bill, and for which part of the treatment?"),
    "payment_help": N_("If I cannot pay all of it at once, is there a payment plan or a lower price?"),
    "accepts": N_("Whom do you treat: from which age, and is a referral needed?"),
}
_ABOUT = {
    (True, Why.NEVER): N_("Warning sign: nobody has checked it here"),
    (True, Why.TOO_LITTLE): N_("Warning sign: too little was reported to tell"),
    (True, Why.SUSPECTED): N_("Warning sign, suspected here"),
    (True, Why.DISPUTED): N_("Warning sign, disputed here"),
    (True, Why.STALE): N_("Warning sign: %(was)s"),
    (False, Why.NEVER): N_("Safeguard: nobody has reported on it here"),
    (False, Why.TOO_LITTLE): N_("Safeguard: too little was reported to tell"),
    (False, Why.DISPUTED): N_("Safeguard, disputed here"),
    (False, Why.STALE): N_("Safeguard: %(was)s"),
}
_LOOKED_AT_AGAIN = N_("Warning sign: it was confirmed here, and moderators look at it again")


@dataclass(frozen=True)
class ShownQuestion:
    """The words to say, and why they are left to say; "" where nobody has reported on one that is not core."""

    ask: str
    about: str


@dataclass(frozen=True, kw_only=True)
class ShownSheet:
    """`first` has room for answers; `more` and `facts` are for whoever has time; `confirmed` names signs."""

    first: Sequence[ShownQuestion]
    more: Sequence[ShownQuestion]
    facts: Sequence[str]
    confirmed: Sequence[str]
    #: Where the answers go, and where the sheet is, for whoever holds the paper.
    send_back: str
    address: str


@blueprint.get("/<public_id>/questions")
@needs(Permission.READ_PUBLISHED)
def show(public_id: str) -> ResponseReturnValue:
    """Show what to ask a clinic, to be printed; of one that has closed the page that says so."""
    clinic = profiles.show(public_id, as_of=today())
    if clinic.is_closed:
        return redirect(url_for("clinics.show", public_id=public_id, slug=clinic.slug))
    return render_template("questions/show.html", clinic=clinic, sheet=_sheet(clinic))


def _sheet(clinic: ClinicProfile) -> ShownSheet:
    left = questions.sheet(clinic.card)
    return ShownSheet(
        first=[_shown(question, clinic) for question in left.first],
        more=[ShownQuestion(gettext(each.entry.criterion.ask), _reason(each)) for each in left.more],
        facts=_of_facts(clinic, {each.entry.criterion.slug for each in (*left.first, *left.more)}),
        confirmed=[gettext(entry.criterion.name) for entry in left.confirmed],
        send_back=url_for("drafts.called", public_id=clinic.public_id),
        address=url_for("questions.show", public_id=clinic.public_id),
    )


def _of_facts(clinic: ClinicProfile, asked: Collection[str]) -> list[str]:
    """Return what to ask of the facts that nobody has stated; not what a criterion of `asked` asks for already."""
    left = (field for field in _OF_FACTS if field not in clinic.facts and _ASKED_BY.get(field) not in asked)
    return [gettext(_OF_FACTS[field]) for field in left]


def _shown(question: Question, clinic: ClinicProfile) -> ShownQuestion:
    criterion = question.entry.criterion
    about = gettext(_LOOKED_AT_AGAIN) if criterion.slug in clinic.shaken else _about(question)
    return ShownQuestion(gettext(criterion.ask), about)


def _reason(question: Question) -> str:
    return "" if question.why is Why.NEVER else _about(question)


def _about(question: Question) -> str:
    entry = question.entry
    words = {"was": evidence.was(entry, entry.former[0])} if question.why is Why.STALE else {}
    return gettext(_ABOUT[entry.criterion.is_sign, question.why], **words)
