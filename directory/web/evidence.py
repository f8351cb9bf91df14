"""An approved answer as a reader sees it: what it points to, what it rests on, and until when it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from flask_babel import gettext

from directory.domain.card import Entry
from directory.domain.dossier import Approved
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.findings import DOCUMENT, TESTIMONY, VERIFIABLE
from directory.domain.labels import N_
from directory.web.presenters import day

#: So many answers stand in sight; the rest are one click away.
SHOWN_AT_ONCE = 3

_TIERS = {
    VERIFIABLE: N_("anyone can check"),
    DOCUMENT: N_("document seen by a moderator"),
    TESTIMONY: N_("first-hand report"),
}


@dataclass(frozen=True)
class Address:
    """A web address: what is linked to, and the host and path that a reader sees."""

    href: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece of evidence; quote and note are "" and addresses None where there are none."""

    quote: str
    note: str
    source: Address | None
    archive: Address | None
    seen_on: date


@dataclass(frozen=True, kw_only=True)
class ShownAnswer:
    """An answer with its evidence. `former` says why one counts no more; it is "" for one that counts."""

    points_to: str
    kind: str
    pieces: Sequence[Piece]
    pages: Sequence[Piece]
    rechecked_on: Sequence[date]
    expires_on: date
    former: str = ""


def tier_words(tier: int) -> str:
    """Return who can check evidence of a tier of 1 to 3."""
    return gettext(_TIERS[tier])


def counting(entry: Entry) -> list[ShownAnswer]:
    """Return the answers that count: the strongest of each side first, then by strength and date."""
    ranked = sorted(entry.counting, key=lambda answer: (answer.tier, answer.observed_on), reverse=True)
    leading = [next((answer for answer in ranked if entry.raises(answer) is side), None) for side in (True, False)]
    first = [answer for answer in leading if answer]
    return [_shown(entry, answer) for answer in (*first, *(answer for answer in ranked if answer not in first))]


def former(entry: Entry) -> list[ShownAnswer]:
    """Return the answers that ran out or were mended, the newest first, each with the sentence that says so."""
    return [_shown(entry, answer, former=was(entry, answer)) for answer in entry.former]


def was(entry: Entry, answer: Approved) -> str:
    """Return what an answer that counts no more once said, when, and why it counts no more."""
    raises, seen = entry.raises(answer), day(answer.observed_on)
    if is_mended(entry, answer) and entry.remedied_on:
        return gettext(
            "Reported on %(day)s; the clinic mended it by %(mended)s, as two moderators found",
            day=seen,
            mended=day(entry.remedied_on),
        )
    sentence = _PREVIOUSLY[entry.criterion.is_sign, raises]
    return gettext(sentence, day=seen)


def is_mended(entry: Entry, answer: Approved) -> bool:
    """Whether an answer reports what the clinic has mended since."""
    return entry.remedied_on is not None and entry.raises(answer) and answer.observed_on <= entry.remedied_on


def rechecked_on(answer: Approved) -> list[date]:
    """Return the days on which somebody of another voice than its author opened the source and saw the words."""
    return [look.on for look in answer.looks if look.voice_id != answer.voice_id]


def expires_on(entry: Entry, answer: Approved) -> date:
    """Return the last day on which an answer counts."""
    return answer.observed_on + timedelta(days=entry.criterion.shelf_days)


_PREVIOUSLY = {
    (True, True): N_("Previously reported on %(day)s, not rechecked"),
    (True, False): N_("Looked for and not found on %(day)s, not rechecked"),
    (False, True): N_("Previously reported absent on %(day)s, not rechecked"),
    (False, False): N_("Previously reported in place on %(day)s, not rechecked"),
}
_POINTS_TO = {
    (True, True): N_("sign present"),
    (True, False): N_("sign absent"),
    (False, True): N_("safeguard absent"),
    (False, False): N_("safeguard in place"),
}


def _shown(entry: Entry, answer: Approved, former: str = "") -> ShownAnswer:
    pages = [each for each in answer.evidence if each.kind is EvidenceKind.PAGE_READ]
    return ShownAnswer(
        points_to=gettext(_POINTS_TO[entry.criterion.is_sign, entry.raises(answer)]),
        kind=tier_words(answer.tier),
        pieces=[_piece(each) for each in answer.evidence if each not in pages],
        pages=[_piece(each) for each in pages],
        rechecked_on=rechecked_on(answer),
        expires_on=expires_on(entry, answer),
        former=former,
    )


def _piece(evidence: Evidence) -> Piece:
    return Piece(
        quote=evidence.quote.strip(),
        note=evidence.note.strip(),
        source=_address(evidence.url),
        archive=_address(evidence.archive_url),
        seen_on=evidence.seen_on,
    )


def _address(url: str) -> Address | None:
    """Return an address with the host and path that it leads to; None for what no browser should be sent to."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    return Address(url, f"{host.removeprefix('www.')}{parts.path.rstrip('/')}")
