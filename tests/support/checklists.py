"""The checklist that the product ships, read as the product reads it."""

from directory import ROOT
from directory.domain.checklist import parse

SHIPPED = parse((ROOT / "directory" / "checklists" / "2026-1.toml").read_text(encoding="utf-8"))
SIGNS = {sign.slug: sign for sign in SHIPPED.signs}
AT_HOME, HISTORY = SIGNS["at_home_use_offered"], SIGNS["no_detailed_history"]
PHYSICIAN = SIGNS["no_physician_on_staff"]
CURE_ALL, PROMISES = SIGNS["cure_all_claims"], SIGNS["instant_permanent_promises"]


def published(version):
    """Return the checklist of that version, or raise KeyError."""
    return {SHIPPED.version: SHIPPED}[version]
