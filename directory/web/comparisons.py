"""Two to four clinics side by side, kept in the address: a row for each sign and each fact, and never an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Flask, Response, make_response, render_template, request, url_for
from flask_babel import gettext, ngettext

from directory.domain.access import Permission
from directory.domain.checklist import Criterion
from directory.domain.findings import Verdict
from directory.domain.labels import NN_
from directory.services import comparisons
from directory.services.comparisons import FEWEST, MOST, Comparison
from directory.services.profiles import ClinicProfile
from directory.web import findings
from directory.web.access import needs
from directory.web.facts import StatedFact, each_fact
from directory.web.requests import today
from directory.web.scores import number
from directory.web.ways_back import results_url

blueprint = Blueprint("comparisons", __name__)

#: What nobody chooses a clinic by.
_LEFT_OUT = {"npi", "point"}


@dataclass(frozen=True)
class SignCell:
    """What was found of a sign: the verdict, the newest day behind it, and of an open one in a few words why."""

    verdict: Verdict
    newest: date | None
    why: str


@dataclass(frozen=True)
class SignRow:
    """One warning sign and what was found of it at each clinic, in the order of the clinics."""

    sign: Criterion
    cells: Sequence[SignCell]


@dataclass(frozen=True)
class FactRow:
    """One fact as it is stated of each clinic; None where no source has said."""

    label: str
    cells: Sequence[StatedFact | None]


def init_app(app: Flask) -> None:
    """Put the page on `app`, and give templates the addresses of comparisons."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters |= {
        "compared_headline": headline, "compared_problems": problems, "sign_rows": sign_rows, "fact_rows": fact_rows,
    }  # fmt: skip
    app.jinja_env.globals["compare_url"] = compare_url


@blueprint.get("/compare")
@needs(Permission.READ_PUBLISHED)
def show() -> Response:
    """Show clinics side by side, or say what is missing for that."""
    asked = request.args.getlist("clinic")
    found = comparisons.side_by_side(asked, as_of=today())
    page = render_template(
        "comparisons/show.html", found=found, offered=comparisons.offered(found), results_url=results_url()
    )
    response = make_response(page, 404 if asked and not found.clinics else 200)
    # A shared computer must not keep in its cache which clinics somebody weighed.
    response.headers["Cache-Control"] = "no-store"
    return response


def compare_url(
    clinics: Sequence[ClinicProfile], *, without: ClinicProfile | None = None, and_also: str | None = None
) -> str:
    """Return the address of a comparison of clinics, with one taken off or another put behind them."""
    kept = [clinic.public_id for clinic in clinics if clinic is not without]
    return url_for("comparisons.show", clinic=[*kept, and_also] if and_also else kept)


def headline(found: Comparison) -> str:
    """Return the heading: "Three clinics side by side"."""
    if not found.clinics:
        return gettext("Compare clinics")
    if not found.is_comparison:
        return gettext("One clinic, and room beside it")
    return gettext("%(number)s clinics side by side", number=number(len(found.clinics)).capitalize())


def problems(found: Comparison) -> list[str]:
    """Return what could not be done as asked, each in a sentence."""
    said = [
        gettext("The listing of %(name)s stands for another one that was joined with it.", name=clinic.name)
        for clinic in found.joined
    ]
    said += [gettext("%(name)s has closed, so it is not shown.", name=clinic.name) for clinic in found.closed]
    if found.missing:
        said.append(ngettext(*_MISSING, found.missing))
    if found.left_over:
        names = ", ".join(clinic.name for clinic in found.left_over)
        said.append(
            gettext("%(most)d clinics fit side by side, so this is not shown: %(names)s.", most=MOST, names=names)
        )
    if len(found.clinics) == FEWEST - 1:
        said.append(gettext("It takes two clinics to compare. Tick two to four in your results, or add one here."))
    return said


_MISSING = NN_(
    "One clinic in this link is not listed here. It may be hidden, or the link is mistyped.",
    "%(num)d clinics in this link are not listed here. They may be hidden, or the link is mistyped.",
)


def sign_rows(clinics: Sequence[ClinicProfile]) -> list[SignRow]:
    """Return a row for each warning sign, in the order of the checklist."""
    return [
        SignRow(sign, [_cell(clinic, place) for clinic in clinics])
        for place, sign in enumerate(clinics[0].card.checklist.signs)
    ]


def _cell(clinic: ClinicProfile, place: int) -> SignCell:
    entry = clinic.card.signs[place]
    found = findings.shown(entry, clinic.shaken.get(entry.criterion.slug))
    is_plain = found.verdict is not Verdict.UNKNOWN and not found.again
    return SignCell(found.verdict, found.newest, "" if is_plain else found.about[0])


def fact_rows(clinics: Sequence[ClinicProfile]) -> list[FactRow]:
    """Return a row for each fact of the vocabulary, also where no source has stated it of any of them."""
    rows = zip(*(list(each_fact(clinic)) for clinic in clinics), strict=True)
    return [FactRow(row[0][1], [stated for _, _, stated in row]) for row in rows if row[0][0] not in _LEFT_OUT]
