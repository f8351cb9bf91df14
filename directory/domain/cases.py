"""A scoring case: everything that a score is made of, as JSON that anybody can feed to `flask scores explain`."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from directory.domain.checklist import Checklist
from directory.domain.findings import Answer, Finding, Ruling
from directory.domain.scoring import Score, findings, score


@dataclass(frozen=True)
class Case:
    """The inputs of one score: a checklist, a day, the approved answers and the rulings."""

    checklist: Checklist
    as_of: date
    answers: tuple[Answer, ...]
    rulings: tuple[Ruling, ...]

    def findings(self) -> dict[str, Finding]:
        """Return the finding on each sign."""
        return findings(self.checklist, self.answers, self.rulings, self.as_of)

    def score(self) -> Score:
        """Return the score that the inputs give."""
        return score(self.checklist, {slug: finding.verdict for slug, finding in self.findings().items()})


def explanation(case: Case) -> dict[str, Any]:
    """Return the score with the finding on each sign, as `flask scores explain` prints it."""
    found = case.findings()
    total = score(case.checklist, {slug: finding.verdict for slug, finding in found.items()})
    return {
        "rubric": case.checklist.version,
        "as_of": case.as_of.isoformat(),
        "grade": total.grade.value,
        "settled": total.settled,
        "out_of": total.out_of,
        "low": total.low,
        "high": total.high,
        "number_shown": total.is_number_shown,
        "signs": {slug: _finding_as_json(finding) for slug, finding in found.items()},
    }


def case_as_json(case: Case) -> dict[str, Any]:
    """Return the case as case_reading.parse_case() reads it; answers are numbered from 1 in the order given."""
    return {
        "rubric": case.checklist.version,
        "as_of": case.as_of.isoformat(),
        "answers": [_answer_as_json(number, answer) for number, answer in enumerate(case.answers, 1)],
        "rulings": [_ruling_as_json(ruling) for ruling in case.rulings],
    }


def canonical(value: object) -> str:
    """Return the one text that stands for a JSON value: keys sorted, no spaces, ASCII alone."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def pretty(value: object) -> str:
    """Return a JSON value as people read it, in the order it was made in."""
    return json.dumps(value, indent=2)


def sha256(text: str) -> str:
    """Return the SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    return {
        "verdict": finding.verdict.value,
        "flag_level": finding.raising.level,
        "clear_level": finding.clearing.level,
        "flag_voices": finding.raising.voices,
        "clear_voices": finding.clearing.voices,
    }


def _answer_as_json(number: int, answer: Answer) -> dict[str, Any]:
    return {
        "id": number,
        "criterion": answer.criterion,
        "reviewer": answer.reviewer,
        "group": answer.group,
        "value": answer.value.value,
        "tier": answer.tier,
        "observed_on": answer.observed_on.isoformat(),
        "rechecked_by": sorted(answer.rechecked_by),
    }


def _ruling_as_json(ruling: Ruling) -> dict[str, Any]:
    return {
        "criterion": ruling.criterion,
        "kind": ruling.kind.value,
        "by": sorted(ruling.by),
        "on": ruling.on.isoformat(),
    }
