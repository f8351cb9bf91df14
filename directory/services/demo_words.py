"""The words of which the demonstration's clinics are made, chosen so that nobody takes one for a real clinic."""

from collections.abc import Sequence

from directory.domain.profile import (
    ACCEPTS,
    CONDITIONS,
    INSURANCE,
    PAYMENT_HELP,
    PSYCHOTHERAPY,
    ROUTES,
    SETTINGS,
    Term,
    mask,
)

FIRST_WORDS = (
    "Paper", "Blue Striped", "Velvet", "Clockwork", "Marmalade", "Señor", "Crème", "Upside-Down", "Cardboard", "Zoë's",
    "Polka-Dot", "Invisible", "Gingham", "Tin", "Wobbly", "Origami", "Papier-Mâché", "Left-Handed", "Knitted",
    "Thimble", "Backwards", "Jelly", "Pretend", "Tartan",
)  # fmt: skip
SECOND_WORDS = (
    "Kite", "Teapot", "Turnip", "Owl's Lamp", "Umbrella", "Piñata", "Snail's Piano", "Rhubarb", "Accordion",
    "Penguin", "Wheelbarrow", "Éclair", "Moustache", "Hedgehog", "Trombone", "Giraffe's Scarf", "Dumpling", "Walrus",
    "Kettle", "Noodle", "Bagpipe", "Armadillo", "Doorknob", "Pancake",
)  # fmt: skip
KINDS = ("Infusion Center", "Clinic", "Ketamine Clinic", "Ketamine Center", "Infusion Clinic", "Treatment Rooms")
STREETS = ("Invented Way", "Imaginary Avenue", "Make-Believe Street", "Fictional Boulevard", "Nowhere Lane")
CHAINS = ("Nine Invented Spoons Group", "Cloud Sandwich Partners")

#: Each table leads with 0, "nobody has said"; the rest are mixtures that a clinic might name.
ROUTE_MASKS = (
    0,
    *(
        mask(ROUTES, words)
        for words in (
            ("iv_infusion",),
            ("iv_infusion", "esketamine_nasal"),
            ("iv_infusion", "im_injection"),
            ("im_injection", "lozenge_troche"),
            ("esketamine_nasal",),
            ("compounded_nasal", "lozenge_troche", "oral_tablet"),
        )
    ),
)
SETTING_MASKS = (
    0,
    *(
        mask(SETTINGS, words)
        for words in (
            ("clinic",),
            ("clinic", "telehealth_intake_only"),
            ("hospital",),
            ("clinic", "at_home_dosing"),
            ("mobile",),
        )
    ),
)
CONDITION_MASKS = (
    0,
    *(
        mask(CONDITIONS, words)
        for words in (
            ("treatment_resistant_depression",),
            ("treatment_resistant_depression", "major_depression", "suicidal_ideation_mdd"),
            ("major_depression", "bipolar_depression", "ptsd"),
            ("ptsd", "ocd", "generalized_anxiety", "social_anxiety", "panic"),
            ("chronic_pain",),
            ("major_depression", "substance_use", "other"),
        )
    ),
)


def _mixtures(vocabulary: Sequence[Term], *mixtures: tuple[str, ...]) -> tuple[int, ...]:
    # Of prices, insurance and the like most clinics say nothing that anybody has written down.
    return (0, 0, 0, *(mask(vocabulary, words) for words in mixtures))


PSYCHOTHERAPY_MASKS = _mixtures(
    PSYCHOTHERAPY, ("kap_in_session",), ("separate_on_site",), ("kap_in_session", "separate_on_site"),
    ("referral_only",), ("none",),
)  # fmt: skip
INSURANCE_MASKS = _mixtures(
    INSURANCE, ("accepts", "superbill"), ("spravato_only",), ("self_pay_only",), ("self_pay_only", "superbill"),
)  # fmt: skip
PAYMENT_HELP_MASKS = _mixtures(
    PAYMENT_HELP, ("payment_plan",), ("sliding_scale",), ("payment_plan", "third_party_credit"), ("none",),
)  # fmt: skip
ACCEPTS_MASKS = _mixtures(
    ACCEPTS, ("adults_only",), ("adults_only", "self_referral"), ("adults_only", "referral_required"),
    ("minors", "referral_required"),
)  # fmt: skip
PRICES = (None, None, "150", "275", "350-450", "400", "450-600", "500", "575-800", "750", "900-1200")
