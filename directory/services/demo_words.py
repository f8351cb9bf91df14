"""The words of which the demonstration's clinics are made, chosen so that nobody takes one for a real clinic."""

from directory.domain.profile import CONDITIONS, ROUTES, SETTINGS, mask

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
