"""What a clinic's row repeats of its score, made from the verdicts alone."""

from datetime import date

from directory.domain import scoring
from directory.domain.findings import Verdict
from directory.services import checklists


def scored(verdicts="unknown unknown unknown unknown unknown", *, seen_on=None):
    """Return the columns for five verdicts in words, in the order of the checklist."""
    checklist = checklists.current()
    by_slug = {sign.slug: Verdict(word) for sign, word in zip(checklist.signs, verdicts.split(), strict=True)}
    score = scoring.score(checklist, by_slug)
    return {
        "grade": score.grade.value, "score_low": score.low, "score_high": score.high, "settled": score.settled,
        "confirmed_points": score.confirmed_points, "signs": scoring.written(checklist, by_slug),
        "signs_seen_on": seen_on,
    }  # fmt: skip


def stored_score(clinic_id, *, as_of=date(2026, 10, 2)):
    """Return the columns of a row of the score table that is there to be found, and says no more than it must."""
    return {
        "clinic_id": clinic_id, "checklist_version": checklists.current().version, "scorer_version": scoring.SCORER,
        "as_of": as_of, "grade": "grey", "low": 0, "high": 100, "settled": 0, "inputs": "{}", "input_sha256": "0" * 64,
        "explanation": "{}",
    }  # fmt: skip
