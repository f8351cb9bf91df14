"""The shapes of scores and findings in the JSON: a score for every clinic, and the whole card for one."""

from datetime import date

from directory.domain.card import Card, Entry
from directory.domain.dossier import Approved
from directory.domain.evidence import Evidence
from directory.domain.scoring import SCORER, Score
from directory.web.evidence import accepted, expires_on, rechecked_on


def score_as_json(score: Score) -> dict[str, object]:
    """Return the grade, the range (0 to 100), how many signs are settled, and the verdict on each by its slug."""
    return {
        "grade": score.grade.value,
        "low": score.low,
        "high": score.high,
        "number_shown": score.is_number_shown,
        "settled": score.settled,
        "out_of": score.out_of,
        "signs": {slug: verdict.value for slug, verdict in score.verdicts.items()},
    }


def card_as_json(card: Card) -> dict[str, object]:
    """Return the score of a clinic, the finding on each sign with its public evidence, and the second ledger."""
    seen = [entry.newest for entry in card.signs if entry.newest]
    return score_as_json(card.score) | {
        "signs_seen_on": _day(max(seen, default=None)),
        "score_as_of": card.as_of.isoformat(),
        "checklist": card.checklist.version,
        "scorer": SCORER,
        "findings": {entry.criterion.slug: _finding(entry) for entry in card.signs},
        "safeguards": {entry.criterion.slug: entry.standing.value for entry in card.safeguards},
    }


def _finding(entry: Entry) -> dict[str, object]:
    """People are not in it: voices are counted, and who reviewed or re-checked stays unsaid."""
    return {
        "verdict": entry.finding.verdict.value,
        "voices": {"found": entry.finding.raising.voices, "not_found": entry.finding.clearing.voices},
        "newest": _day(entry.newest),
        "mended_by": _day(entry.remedied_on),
        "answers": [_answer(entry, answer) for answer in entry.counting],
        "former_answers": [_answer(entry, answer) for answer in entry.former],
    }


def _answer(entry: Entry, answer: Approved) -> dict[str, object]:
    return {
        "value": answer.value.value,
        "points_to": "present" if entry.raises(answer) else "absent",
        "tier": answer.tier,
        "observed_on": answer.observed_on.isoformat(),
        "expires_on": expires_on(entry, answer).isoformat(),
        "rechecked_on": [day.isoformat() for day in rechecked_on(answer)],
        "evidence": [_evidence(each) for each in accepted(answer)],
    }


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {
        "kind": evidence.kind.value,
        "url": evidence.url,
        "quote": evidence.quote,
        "note": evidence.note,
        "archive_url": evidence.archive_url,
        "seen_on": evidence.seen_on.isoformat(),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
