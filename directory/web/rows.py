"""What a row of the results shows of a clinic's score: grade, strip and bar, and what was found in a few words."""

from flask import Flask, current_app
from flask_babel import get_locale, gettext
from markupsafe import Markup

from directory.domain.checklist import Criterion
from directory.domain.findings import Verdict
from directory.domain.scoring import Score
from directory.services import checklists
from directory.services.search import NearbyClinic
from directory.web.presenters import day
from directory.web.scores import summed_up

#: Language and verdicts → HTML, kept until the process ends: making it was two thirds of the work of a page.
_RENDERED: dict[tuple[str, ...], Markup] = {}


def init_app(app: Flask) -> None:
    """Give templates the parts of a row."""
    app.jinja_env.filters |= {
        "row_score": row_score, "each_sign": each_sign, "in_few_words": in_few_words, "newest_check": newest_check,
    }  # fmt: skip


def row_score(score: Score) -> Markup:
    """Return grade, strip and bar; all three follow from the verdicts, of which there are 3,125 at the most."""
    key = (str(get_locale()), *score.verdicts.values())
    if key not in _RENDERED:
        template = current_app.jinja_env.get_template("components/_row_score.html")
        _RENDERED[key] = template.make_module({"score": score}).__html__()
    return _RENDERED[key]


def each_sign(score: Score) -> list[tuple[Criterion, Verdict]]:
    """Return each sign with its verdict, for the five-sign strip."""
    return [(checklists.current().by_slug[slug], verdict) for slug, verdict in score.verdicts.items()]


def in_few_words(clinic: NearbyClinic) -> str:
    """Return the five verdicts in one sentence, or why there is nothing to tell."""
    if clinic.signs_seen_on is None:
        if clinic.was_checked:
            return gettext("Earlier checks no longer count.")
        return gettext("Nobody has checked this clinic yet.")
    return summed_up(clinic.score)


def newest_check(clinic: NearbyClinic) -> str:
    """Return the newest day on which somebody looked for a sign: "Newest check 2 Oct 2026."; empty without one."""
    seen_on = clinic.signs_seen_on
    return gettext("Newest check %(day)s.", day=day(seen_on)) if seen_on else ""
