"""The page of one clinic."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.domain import approval
from directory.domain.access import Permission
from directory.domain.approval import Statement
from directory.domain.checklist import Source
from directory.domain.identifiers import STATES
from directory.domain.labels import N_
from directory.domain.profile import PointPrecision
from directory.domain.registers import Register
from directory.services import checklists, neighbors, profiles, registers
from directory.services.profiles import ClinicProfile
from directory.services.search import NearbyClinic
from directory.web.access import needs
from directory.web.presenters import day
from directory.web.requests import today
from directory.web.rows import each_sign
from directory.web.ways_back import results_url

blueprint = Blueprint("clinics", __name__, url_prefix="/clinics")

#: How a source of the checklist was read → what is said beside it.
_READ = {
    "V": N_("read there on %(day)s"),
    "V2": N_("read in reports about it on %(day)s"),
}
_MEASURED = {
    PointPrecision.GIVEN: N_("Straight-line distances from this clinic. The drive is longer."),
    PointPrecision.ZIP: N_("Straight-line distances from the center of this clinic’s ZIP code. The drive is longer."),
    PointPrecision.CITY: N_("Straight-line distances from the center of this clinic’s city. The drive is longer."),
}


@blueprint.get("/<public_id>", defaults={"slug": ""})
@blueprint.get("/<public_id>/<slug>")
@needs(Permission.READ_PUBLISHED)
def show(public_id: str, slug: str) -> ResponseReturnValue:
    """Show one clinic; an old or missing name in the address leads to the present one."""
    clinic = profiles.show(public_id, as_of=today())
    if slug != clinic.slug:
        return redirect(url_for("clinics.show", public_id=public_id, slug=clinic.slug), 301)
    nearest = neighbors.nearest(clinic)
    way_back = results_url()
    page = make_response(render_template("clinics/show.html", clinic=clinic, nearest=nearest, results_url=way_back))
    if way_back:  # as with the results: no shared computer keeps where somebody looked for help
        page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.app_template_filter("address_from")
def address_from(clinic: ClinicProfile) -> str:
    """Return where the address at the head of the page was read, and when."""
    fact = clinic.facts.get("address")
    if fact is None:
        return gettext("Facts as of %(day)s.", day=day(clinic.facts_as_of))
    return gettext("Address from %(source)s, seen %(day)s.", source=fact.source, day=day(fact.seen_on))


@blueprint.app_template_filter("strip_in_words")
def strip_in_words(clinic: NearbyClinic) -> str:
    """Return the five verdicts, each with its sign: what the strip without words is read out as."""
    each = ((gettext(sign.strip), gettext(verdict.label)) for sign, verdict in each_sign(clinic.score))
    return gettext(
        "Warning signs: %(signs)s",
        signs=", ".join(gettext("%(sign)s: %(verdict)s", sign=sign, verdict=verdict) for sign, verdict in each),
    )


@blueprint.app_template_filter("measured_here")
def measured_here(clinic: ClinicProfile) -> str:
    """Return where the distances to other clinics begin, and what they leave out."""
    return gettext(_MEASURED[PointPrecision(clinic.point_precision or PointPrecision.GIVEN)])


@blueprint.app_template_filter("near_words")
def near_words(clinic: ClinicProfile) -> str:
    """Return what to search for to see all clinics around one: its ZIP code, or its city."""
    return clinic.postal_code or f"{clinic.city}, {clinic.state}"


@blueprint.app_template_filter("registers")
def registers_of(clinic: ClinicProfile) -> list[tuple[str, list[Register]]]:
    """Return where the licenses of a clinic's people are looked up, by kind: in its state, then across the states."""
    every = (*registers.of_state(clinic.state), *registers.national())
    return [(gettext(kind.label), list(group)) for kind, group in groupby(every, key=lambda each: each.kind)]


@blueprint.app_template_filter("has_state_register")
def has_state_register(clinic: ClinicProfile) -> bool:
    """Whether a register of the clinic's state is known."""
    return bool(registers.of_state(clinic.state))


@blueprint.app_template_filter("state_name")
def state_name(clinic: ClinicProfile) -> str:
    """Return the name of a clinic's state."""
    return STATES[clinic.state]


@blueprint.app_template_global("registers_as_of")
def registers_as_of() -> str:
    """Return the day of the list of registers, in words."""
    return day(registers.AS_OF)


@blueprint.app_template_global("approval_statements")
def approval_statements() -> Iterator[tuple[Statement, Sequence[Source]]]:
    """Yield what approval by the FDA means, each statement with its sources."""
    by_key = {source.key: source for source in checklists.current().sources}
    for statement in approval.STATEMENTS:
        yield statement, [by_key[key] for key in statement.sources]


@blueprint.app_template_filter("how_read_on")
def how_read_on(source: Source) -> str:
    """Return how a source was read, and on which day."""
    return gettext(_READ[source.status], day=day(approval.READ_ON))
