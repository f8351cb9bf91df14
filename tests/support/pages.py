"""Every address that a visitor can open, each in every state; tests and pictures walk the same list."""

from directory.services import demo

_PAGES = {
    "home": "/",
    "results": "/search?near=63101&radius=50",
    "results-point": "/search?near=38.63,+-90.20",
    "results-filtered": "/search?near=Chicago,+IL&radius=50&route=iv_infusion&words=clinic&sort=name"
    "&condition=ptsd&condition=major_depression&condition=chronic_pain&condition=treatment_resistant_depression",
    "results-by-signs": "/search?near=Chicago,+IL&radius=100&sort=signs&no_confirmed=1&checked=2",
    "results-empty": "/search?near=89001&radius=5",
    "results-empty-filtered": "/search?near=63101&radius=5&words=zzz",
    "results-by-name": "/search?near=papr+kite",
    "results-by-name-empty": "/search?name=Qwxyzzy",
    "place-wanted": "/search?near=spravato",
    "place-ambiguous": "/search?near=Springfield",
    "place-unknown": "/search?near=Qwxyzzy",
    "place-empty": "/search?near=",
    "invalid": "/search?near=63101&radius=500&checked=9&no_confirmed=x&insurance=x&price=1&words=" + "x" * 101,
    "compare-none": "/compare",
    "not-found-compare": "/compare?clinic=nobody-there",
    "shortlist": "/shortlist",
    "checklist": "/checklist",
    "checklist-version": "/checklist/2026.1",
    "log": "/log",
    "log-confirmations": "/log?action=confirm",
    "about": "/about",
    "privacy": "/privacy",
    "not-found": "/clinics/nobody-there",
}

#: Of the demonstration's clinics of one metropolis: all five findings and something that ran out, nothing found, a
#: confirmed critical sign, something mended, and one of which nothing was told.
_STORIES = ("1", "2", "3", "6", "9")
_OF_LOS_ANGELES = {
    each.source_key.rpartition(" ")[2]: each
    for each in demo.listings()
    if each.source_key.startswith("CA Los Angeles ")
}
_IDS = {number: _OF_LOS_ANGELES[number].public_id for number in _STORIES}
_NAMED = [f"clinic={public_id}" for public_id in _IDS.values()]
_WEIGHED = {f"compare-{number}": f"/compare?{'&'.join(_NAMED[:number])}" for number in (1, 3, 4, 5)}
_ASKED = {f"questions-{number}": f"/clinics/{_IDS[number]}/questions" for number in ("1", "2", "9")}
_SHOWN = {f"clinic-{number}": f"/clinics/{public_id}" for number, public_id in _IDS.items()}
#: Without a language, as they are in English.
ADDRESSES = _PAGES | _WEIGHED | _ASKED | _SHOWN
#: Pages on which much is folded.
OPENED = ("results", "results-filtered", "results-empty-filtered", "checklist", "clinic-1", "clinic-9")
#: Spanish is a quarter longer: the pages with the least room to spare.
_SPANISH = {f"es-{name}": f"/es{ADDRESSES[name]}" for name in ("results-filtered", "clinic-1")}
PAGES = ADDRESSES | _SPANISH
