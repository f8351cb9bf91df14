"""Every address that a visitor can open, each in every state; tests and pictures walk the same list."""

from directory.services import demo

_PAGES = {
    "home": "/",
    "results": "/search?near=63101&radius=50",
    "results-point": "/search?near=38.63,+-90.20",
    "results-filtered": "/search?near=Chicago,+IL&radius=50&route=iv_infusion&words=clinic&sort=name",
    "results-by-signs": "/search?near=Chicago,+IL&radius=100&sort=signs&no_confirmed=1&checked=2",
    "results-empty": "/search?near=89001&radius=5",
    "results-empty-filtered": "/search?near=63101&radius=5&words=zzz",
    "place-ambiguous": "/search?near=Springfield",
    "place-unknown": "/search?near=Qwxyzzy",
    "place-empty": "/search?near=",
    "invalid": "/search?near=63101&radius=500&checked=9&no_confirmed=x&words=" + "x" * 101,
    "checklist": "/checklist",
    "checklist-version": "/checklist/2026.1",
    "about": "/about",
    "privacy": "/privacy",
    "not-found": "/clinics/nobody-there",
}

#: The demonstration's clinics of one metropolis: one of each story, and one of which nothing was told.
_OF_LOS_ANGELES = [each for each in demo.listings() if each.source_key.startswith("CA Los Angeles ")]
PAGES = _PAGES | {
    f"clinic-{each.source_key.rpartition(' ')[2]}": f"/clinics/{each.public_id}" for each in _OF_LOS_ANGELES
}
