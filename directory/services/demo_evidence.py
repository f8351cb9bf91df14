"""What the demonstration's reviewers found: invented words, chosen so that nobody takes them for real ones."""

from typing import NamedTuple


class Said(NamedTuple):
    """A page of an invented clinic's site and the sentence that stands on it."""

    path: str
    words: str


#: (criterion, answer) → what the clinic's site says.
SITE = {
    ("at_home_use_offered", "yes"): Said("how-it-works", "Your lozenges arrive by mail, ready for your own sofa."),
    ("at_home_use_offered", "no"): Said("faq", "Every dose is taken in our rooms. We never mail ketamine."),
    ("no_detailed_history", "yes"): Said("first-visit", "Your first visit is an hour about your whole history."),
    ("no_detailed_history", "no"): Said("start", "No forms, no questions: be treated within the hour."),
    ("no_physician_on_staff", "yes"): Said("team", "Dr. Imaginary Example, MD, directs every treatment."),
    ("no_physician_on_staff", "no"): Said("team", "Our whole team: two nurse practitioners and a parrot."),
    ("cure_all_claims", "yes"): Said("", "Whatever you are living with, ketamine is the cure that your doctor forgot."),
    ("instant_permanent_promises", "yes"): Said("results", "Relief in one session, for good. Guaranteed."),
    ("vitals_monitored_during", "yes"): Said("visit", "We watch blood pressure, pulse and oxygen throughout."),
    ("escort_no_driving", "yes"): Said("faq", "Bring somebody who takes you home. Do not drive until tomorrow."),
    ("offlabel_status_disclosed", "yes"): Said("faq", "For depression, ketamine infusions are off-label."),
    ("price_published", "yes"): Said("prices", "One session is 380 imaginary dollars."),
    ("written_informed_consent", "yes"): Said("first-visit", "Read the consent form at home before you sign it."),
}  # fmt: skip
#: (criterion, answer) → what stands in a document.
DOCUMENTS = {
    ("no_physician_on_staff", "yes"): "Consent form, page 1: a supervising physician is named.",
    ("cure_all_claims", "yes"): "Brochure, page 2: “One remedy for grief, pain and Mondays. It works for everyone.”",
    ("instant_permanent_promises", "yes"): "Brochure, page 3: “One visit, and never again.”",
    ("no_detailed_history", "no"): "Intake form, blank: it asks for a name and a card number, and nothing else.",
    (
        "no_detailed_history",
        "yes",
    ): "Intake form, blank: four pages on illnesses, medicines and allergies.",
    ("written_informed_consent", "no"): "Booking confirmation: it says that nothing needs to be signed.",
    (
        "license_active_verified",
        "yes",
    ): "Print of the state board’s page on the director: active, unrestricted.",
}
#: (criterion, answer) → what somebody saw or was told.
TOLD = {
    ("at_home_use_offered", "yes"): "On the phone, the front desk offered to mail lozenges.",
    ("at_home_use_offered", "no"): "On the phone, the front desk said that every dose is taken there.",
    ("no_detailed_history", "yes"): "At a first visit, a nurse asked about illnesses and medicines for half an hour.",
    ("no_detailed_history", "no"): "At a first visit, nobody asked about illnesses or medicines.",
    ("instant_permanent_promises", "yes"): "On the phone, the front desk promised that one visit is enough for good.",
    ("clinician_present_during_dosing", "yes"): "A nurse sat in the room for the whole session.",
    (
        "emergency_readiness",
        "yes",
    ): "On the phone: staff are trained in advanced life support.",
    ("emergency_readiness", "no"): "On the phone: there is no resuscitation equipment.",
    ("written_informed_consent", "yes"): "A form about risks and alternatives was signed before the first dose.",
    ("vitals_monitored_during", "yes"): "A cuff and a clip on the finger stayed on for the whole session.",
}
#: The pages that stand for "it is nowhere said".
PAGES_READ = ("", "conditions", "faq", "prices")
