"""What a clinic says of itself in fixed words, treatments, payment and the like; and the state of its listing.

The words are those of reference facts that seekers ask for; each is a claim of the clinic, never a finding. A set of
them is stored as a bit mask, so the order of a vocabulary is frozen: a new term goes at the end.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from directory.domain.labels import N_


class Term(NamedTuple):
    """A word for the database and the address bar, and its label for people."""

    word: str
    label: str


ROUTES = (
    Term("iv_infusion", N_("IV infusion")),
    Term("im_injection", N_("IM (muscle) injection")),
    Term("esketamine_nasal", N_("Spravato (esketamine nasal spray)")),
    Term("compounded_nasal", N_("Compounded nasal spray")),
    Term("lozenge_troche", N_("Lozenge or troche")),
    Term("oral_tablet", N_("Oral tablet")),
)
SETTINGS = (
    Term("clinic", N_("At the clinic")),
    Term("hospital", N_("In a hospital")),
    Term("telehealth_intake_only", N_("First talk by video, treatment on site")),
    Term("at_home_dosing", N_("Doses taken at home")),
    Term("mobile", N_("A clinician comes to you")),
)
CONDITIONS = (
    Term("treatment_resistant_depression", N_("Treatment-resistant depression")),
    Term("major_depression", N_("Major depression")),
    Term("suicidal_ideation_mdd", N_("Depression with suicidal thoughts")),
    Term("bipolar_depression", N_("Bipolar depression")),
    Term("ptsd", N_("PTSD")),
    Term("ocd", N_("OCD")),
    Term("generalized_anxiety", N_("Generalized anxiety")),
    Term("social_anxiety", N_("Social anxiety")),
    Term("panic", N_("Panic disorder")),
    Term("chronic_pain", N_("Chronic pain")),
    Term("substance_use", N_("Substance use disorder")),
    Term("other", N_("Other conditions")),
)
PSYCHOTHERAPY = (
    Term("kap_in_session", N_("Psychotherapy during ketamine sessions")),
    Term("separate_on_site", N_("Psychotherapy at the clinic, on its own")),
    Term("referral_only", N_("Referral to a therapist elsewhere")),
    Term("none", N_("No psychotherapy")),
)
INSURANCE = (
    Term("accepts", N_("Bills health insurance")),
    Term("spravato_only", N_("Bills insurance for Spravato only")),
    Term("self_pay_only", N_("Self-pay only")),
    Term("superbill", N_("Bill to hand in yourself (superbill)")),
)
PAYMENT_HELP = (
    Term("payment_plan", N_("Payment plan")),
    Term("sliding_scale", N_("Lower price for lower incomes")),
    Term("third_party_credit", N_("Credit from another company")),
    Term("none", N_("No help with payment")),
)
ACCEPTS = (
    Term("adults_only", N_("Adults only")),
    Term("minors", N_("People under 18 too")),
    Term("referral_required", N_("With a referral only")),
    Term("self_referral", N_("Without a referral")),
)
#: In whole US dollars a session; more is a slip of the hand.
HIGHEST_PRICE = 20_000

#: What is said of a clinic that is not public here.
NOT_LISTED = N_("No clinic is listed under this link. It may have closed, or the link is mistyped.")


#: What is said of one that an administrator hid.
WITHHELD = N_("This listing is hidden for the present.")
MERGED = N_("Another listing of the same clinic stands for this one.")


class ListingStatus(StrEnum):
    """The state of a clinic's public entry; `Clinic.state` is only ever the US state."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    CLOSED = "closed"
    #: Another listing of the same clinic stands for it.
    MERGED = "merged"
    #: By an administrator, most often after a legal request.
    HIDDEN = "hidden"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


#: In these a listing has a page of its own.
SHOWN = (ListingStatus.PUBLISHED, ListingStatus.CLOSED)


class PointPrecision(StrEnum):
    """How a clinic's point on the map was found."""

    GIVEN = "given"
    """The source gave coordinates."""
    ZIP = "zip"
    """The centre of its ZIP code stands in for it."""
    CITY = "city"
    """The centre of its city stands in for it."""


def mask(vocabulary: Sequence[Term], words: Iterable[str]) -> int:
    """Return the bit mask of `words`; raises ValueError naming the first word outside `vocabulary`."""
    bits = {term.word: 1 << place for place, term in enumerate(vocabulary)}
    total = 0
    for word in words:
        if word not in bits:
            raise ValueError(word)
        total |= bits[word]
    return total


def terms(vocabulary: Sequence[Term], bits: int) -> list[Term]:
    """Return the terms that `bits` holds, in the order of `vocabulary`; empty for 0, which means "not known"."""
    return [term for place, term in enumerate(vocabulary) if bits >> place & 1]
