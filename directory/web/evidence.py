"""An approved answer as a reader sees it: what it points to, what it rests on, and until when it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from flask_babel import gettext

from directory.domain.card import Entry
from directory.domain.dossier import Approved
from directory.domain.evidence import Evidence, EvidenceKind
from directory.domain.findings import DOCUMENT, TESTIMONY, VERIFIABLE, Verdict
from directory.domain.labels import N_
from directory.web.presenters import day

#: So many answers stand in sight; the rest are one click away.
SHOWN_AT_ONCE = 2

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
    """One piece of evidence and the days on which it was seen; quote and note are "" and addresses None without one."""

    quote: str
    note: str
    source: Address | None
    archive: Address | None
    seen_on: Sequence[date]


@dataclass(frozen=True, kw_only=True)
class ShownAnswer:
    """An answer with its evidence, or several with the same words of the same source, the newest observation first.

    `former` says why one counts no more; it is "" for one that counts. `tone` is that of the side it speaks for.
    """

    is_on_sign: bool
    points_to: str
    tone: str
    who_can_check: str
    pieces: Sequence[Piece]
    pages: Sequence[Piece]
    rechecked_on: Sequence[date]
    expires_on: Sequence[date]
    former: str = ""
    number: int = 1


def tier_words(tier: int) -> str:
    """Return who can check evidence of a tier of 1 to 3."""
    return gettext(_TIERS[tier])


def counting(entry: Entry) -> list[ShownAnswer]:
    """Return the answers that count: the strongest of each side first, then by strength and date."""
    ranked = sorted(entry.counting, key=lambda answer: (answer.tier, answer.observed_on), reverse=True)
    leading = [next((answer for answer in ranked if entry.raises(answer) is side), None) for side in (True, False)]
    first = [answer for answer in leading if answer]
    return merged(_shown(entry, answer) for answer in (*first, *(each for each in ranked if each not in first)))


def former(entry: Entry) -> list[ShownAnswer]:
    """Return the answers that ran out or were mended, the newest first, each with the sentence that says so."""
    return [_shown(entry, answer, former=was(entry, answer)) for answer in entry.former]


def merged(answers: Iterable[ShownAnswer]) -> list[ShownAnswer]:
    """Return the answers with those made one that say the same with the same words of the same sources."""
    kept: dict[object, ShownAnswer] = {}
    for place, answer in enumerate(answers):
        key = _sameness(answer) or place
        kept[key] = _both(kept[key], answer) if key in kept else answer
    return list(kept.values())


def speaking(entry: Entry, *, is_raising: bool) -> list[Approved]:
    """Return the answers of one side that speak for their voice; those its newest word took back are left out."""
    newest: dict[int, tuple[date, bool]] = {}
    for answer in entry.counting:
        word = (answer.observed_on, entry.raises(answer))
        newest[answer.voice_id] = max(word, newest.get(answer.voice_id, word))
    return [answer for answer in entry.counting if entry.raises(answer) is newest[answer.voice_id][1] is is_raising]


def was(entry: Entry, answer: Approved) -> str:
    """Return what an answer that counts no more once said, when, and why it counts no more."""
    raises, seen = entry.raises(answer), day(answer.observed_on)
    if is_mended(entry, answer) and entry.remedied_on:
        return gettext(
            "Reported on %(day)s; the clinic mended it by %(mended)s, as two moderators found",
            day=seen,
            mended=day(entry.remedied_on),
        )
    said = gettext(_PREVIOUSLY[entry.criterion.is_sign, raises], day=seen)
    return said if entry.counting else gettext("%(said)s, not rechecked", said=said)


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
    (True, True): N_("Previously reported on %(day)s"),
    (True, False): N_("Looked for and not found on %(day)s"),
    (False, True): N_("Previously reported absent on %(day)s"),
    (False, False): N_("Previously reported in place on %(day)s"),
}
_POINTS_TO = {
    (True, True): N_("for this warning sign"),
    (True, False): N_("against this warning sign"),
    (False, True): N_("that it is absent"),
    (False, False): N_("that it is in place"),
}


def accepted(answer: Approved) -> list[Evidence]:
    """Return the evidence that an answer was accepted on: none that would have made it of a higher tier."""
    return [each for each in answer.evidence if _TIER_OF[each.kind] <= answer.tier]


_TIER_OF = {
    EvidenceKind.LINK: VERIFIABLE,
    EvidenceKind.PAGE_READ: VERIFIABLE,
    EvidenceKind.DOCUMENT: DOCUMENT,
    EvidenceKind.FIRST_HAND: TESTIMONY,
}


def _shown(entry: Entry, answer: Approved, former: str = "") -> ShownAnswer:
    evidence = accepted(answer)
    pages = [each for each in evidence if each.kind is EvidenceKind.PAGE_READ]
    return ShownAnswer(
        is_on_sign=entry.criterion.is_sign,
        tone="unknown" if former else _tone(entry, answer),
        points_to=gettext(_POINTS_TO[entry.criterion.is_sign, entry.raises(answer)]),
        who_can_check=tier_words(answer.tier),
        pieces=[_piece(each) for each in evidence if each not in pages],
        pages=[_piece(each) for each in pages],
        rechecked_on=rechecked_on(answer),
        expires_on=[expires_on(entry, answer)],
        former=former,
    )


def _tone(entry: Entry, answer: Approved) -> str:
    if not entry.raises(answer):
        return Verdict.CLEARED.value
    is_confirmed = entry.criterion.is_sign and entry.finding.verdict is Verdict.CONFIRMED
    return (Verdict.CONFIRMED if is_confirmed else Verdict.SUSPECTED).value


def _sameness(answer: ShownAnswer) -> object:
    """Return what two answers must share to be shown as one; None where their words cannot be compared."""
    if not answer.pieces or not all(piece.quote and piece.source for piece in answer.pieces):
        return None
    pieces = tuple((each.quote, each.note, each.source, each.archive) for each in answer.pieces)
    return answer.points_to, answer.who_can_check, pieces, tuple(each.source for each in answer.pages)


def _both(one: ShownAnswer, other: ShownAnswer) -> ShownAnswer:
    return replace(
        one,
        pieces=[_seen_twice(*pair) for pair in zip(one.pieces, other.pieces, strict=True)],
        pages=[_seen_twice(*pair) for pair in zip(one.pages, other.pages, strict=True)],
        rechecked_on=_days(one.rechecked_on, other.rechecked_on),
        expires_on=_days(one.expires_on, other.expires_on),
        number=one.number + other.number,
    )


def _seen_twice(one: Piece, other: Piece) -> Piece:
    return replace(one, seen_on=_days(one.seen_on, other.seen_on))


def _days(one: Sequence[date], other: Sequence[date]) -> list[date]:
    return sorted({*one, *other}, reverse=True)


def _piece(evidence: Evidence) -> Piece:
    return Piece(
        quote=evidence.quote.strip(),
        note=evidence.note.strip(),
        source=_address(evidence.url),
        archive=_address(evidence.archive_url),
        seen_on=[evidence.seen_on],
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
