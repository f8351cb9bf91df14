"""What the database refuses about merged listings: whatever bars somebody at one listing bars them at the others."""

from types import SimpleNamespace

import pytest
from sqlalchemy.exc import DatabaseError

from directory.domain.ties import TieKind
from directory.extensions import db
from directory.models import Clinic, Review, Revision
from directory.models.merged_guards import ON_MERGED
from directory.models.triggers import TRIGGERS
from tests.support import attempts as sql
from tests.support.answers import TODAY, days_ago
from tests.support.attempts import AT_HOME, set_stage
from tests.support.reviews import account, link, reviewed_clinic, submitted
from tests.support.rows import without_triggers
from tests.support.suggestions import number_of, relisted, suggested
from tests.support.tables import rows

BY_NAME = {trigger.name: trigger for trigger in TRIGGERS}
TRIED_REVIEW = "(SELECT id FROM review WHERE public_id = 'tried')"
SAYING_YES = f"UPDATE answer SET value = 'yes', tier = 3, observed_on = '{TODAY}' WHERE review_id = {TRIED_REVIEW}"
KINDS = [kind for kind in TieKind if kind is not TieKind.NONE]
#: Trigger, and on a stage `s` the statements of which it refuses the last. `s.clinic`, which has the reviews and the
#: ruling of the stage, and `s.sibling` were merged into `s.stays`, of which `s.waits` is a review that waits.
TRIED = [
    # deciding about what went, with a tie to what stays or to what was merged into it as well; the other way round
    *[("decision_tied_by_merging", lambda s, kind=kind: [sql.tie(s.nan, s.stays, kind), declining(s, by=s.nan)])
      for kind in KINDS],
    ("decision_tied_by_merging", lambda s: [sql.tie(s.nan, s.sibling, "owner"), declining(s, by=s.nan)]),
    ("decision_tied_by_merging", lambda s: [sql.tie(s.moe, s.stays, "owner"), declining(s, by=s.mo)]),
    ("decision_tied_by_merging", lambda s: [sql.tie(s.nan, s.clinic, "owner"), declining_what_stays(s, by=s.nan)]),
    ("decision_tied_by_merging",
     lambda s: [sql.tie(s.nan, s.stays, "former_employee", ends_on=days_ago(-1)), declining(s, by=s.nan)]),
    ("review_claim_tied_by_merging", lambda s: [sql.tie(s.nan, s.stays, "owner"), sql.claimed(s.waiting, s.nan)]),
    ("review_claim_tied_by_merging", lambda s: [sql.tie(s.moe, s.clinic, "paid"), sql.claimed(s.waits, s.mo)]),
    ("recheck_tied_by_merging", lambda s: [sql.tie(s.nan, s.stays, "owner"), sql.recheck(s.of_done, s.nan)]),
    *[("ruling_tied_by_merging", lambda s, kind=kind: [sql.tie(s.nan, s.clinic, kind), sql.remedy(s.stays, s.nan)])
      for kind in KINDS],
    ("ruling_tied_by_merging", lambda s: [sql.tie(s.nan, s.stays, "family"), sql.remedy(s.clinic, s.nan)]),
    ("ruling_tied_by_merging", lambda s: [sql.tie(s.moe, s.sibling, "family"), sql.remedy(s.clinic, s.mo)]),
    ("notice_tied_by_merging", lambda s: [sql.tie(s.nan, s.clinic, "patient"), sql.notice(s.stays, s.nan)]),
    ("void_vote_tied", lambda s: [sql.tie(s.bob, s.stays, "patient"), sql.void_vote(s.done, s.bob)]),
    ("revision_claim_tied", lambda s: [sql.tie(s.nan, s.clinic, "owner"), claimed_suggestion(s, s.nan)]),
    # held at one listing, decided or held at another; by somebody with a tie to another
    ("decision_while_held_by_merging", lambda s: [sql.hold(s.stays), declining(s)]),
    ("decision_while_held_by_merging", lambda s: [sql.hold(s.sibling), declining(s)]),
    ("decision_while_held_by_merging", lambda s: [sql.hold(s.clinic), declining_what_stays(s)]),
    ("hold_one_at_a_time_by_merging", lambda s: [sql.hold(s.clinic), sql.hold(s.stays)]),
    ("hold_one_at_a_time_by_merging", lambda s: [sql.hold(s.stays), sql.hold(s.sibling)]),
    ("hold_tied_by_merging", lambda s: [sql.tie(s.nan, s.clinic, "patient"), sql.hold(s.stays, by=s.nan)]),
    ("hold_end_tied_by_merging",
     lambda s: [sql.hold(s.stays), sql.tie(s.moe, s.clinic, "owner"), sql.hold_ended(s.stays, s.mo)]),
    # ruling on a sign on which they answered at another listing: approved, waiting, by a linked account
    *[("ruling_own_work_by_merging", lambda s, by=by: [sql.remedy(s.stays, getattr(s, by))])
      for by in ("ann", "twin", "cid")],
    ("ruling_own_work_by_merging", lambda s: [sql.remedy(s.sibling, s.ann)]),
    # the other way round, at once or on second thoughts
    ("answer_own_ruling_by_merging_insert", lambda s: answering(s, s.mo, "yes")),
    ("answer_own_ruling_by_merging_insert", lambda s: answering(s, s.moe, "no")),
    ("answer_own_ruling_by_merging_update",
     lambda s: [*answering(s, s.moe), SAYING_YES]),
    # one person by two accounts, each at another listing
    ("ruling_two_people_by_merging", lambda s: [sql.remedy(s.clinic, s.mo), sql.remedy(s.stays, s.moe)]),
]  # fmt: skip
TAKEN = [
    # no tie, one that is over, one to a clinic that is another
    lambda s: [sql.tie(s.nan, s.stays, "none"), declining(s, by=s.nan)],
    lambda s: [sql.tie(s.nan, s.stays, "former_employee", ends_on=TODAY), declining(s, by=s.nan)],
    lambda s: [sql.tie(s.nan, s.held, "owner"), declining(s, by=s.nan)],
    lambda s: [sql.tie(s.nan, s.held, "owner"), sql.remedy(s.stays, s.nan)],
    # a hold of another clinic, or one that was ended
    lambda s: [sql.hold(s.stays), sql.hold_ended(s.stays, s.nan), declining(s)],
    lambda s: [sql.hold(s.stays), sql.hold_ended(s.stays, s.nan), sql.hold(s.clinic)],
    lambda s: [declining(s)],
    # another sign, another day, nothing said
    lambda s: [sql.remedy(s.stays, s.ann, sign="cure_all_claims")],
    lambda s: [sql.remedy(s.clinic, s.mo), sql.remedy(s.stays, s.moe, on=days_ago(1))],
    lambda s: answering(s, s.mo),
    lambda s: answering(s, s.nan, "yes"),
]


@pytest.mark.security(27)
@pytest.mark.parametrize(("name", "statements"), TRIED)
def test_what_bars_somebody_at_one_listing_bars_them_at_those_it_was_merged_with(name, statements, stage):
    around = [each for each in TRIGGERS if each.table == BY_NAME[name].table]

    with without_triggers([]):
        assert outcome(statements(stage)) != "done"
    with without_triggers([each for each in around if each.name != name]):
        assert BY_NAME[name].message in outcome(statements(stage))
    with without_triggers(around):
        assert BY_NAME[name].message not in outcome(statements(stage))


@pytest.mark.parametrize("statements", TAKEN)
def test_merging_bars_nobody_else(statements, stage):
    with without_triggers([]):
        assert outcome(statements(stage)) == "done"


def test_every_trigger_that_follows_merging_is_tried():
    assert {each.name for each in ON_MERGED} <= {name for name, _ in TRIED}


def outcome(statements):
    """Return what the database says to the last of the statements, the others being allowed, or "done"."""
    *first, last = statements
    for statement in first:
        db.session.connection().exec_driver_sql(statement)
    try:
        db.session.connection().exec_driver_sql(last)
    except DatabaseError as error:
        return str(error.orig)
    return "done"


def declining(s, *, by=None):
    return sql.decision(s.waiting, "decline", "declined", by=by or s.mo, clinic=s.clinic)


def declining_what_stays(s, *, by=None):
    return sql.decision(s.waits, "decline", "declined", by=by or s.mo, clinic=s.stays)


def answering(s, author, value="unknown"):
    """Return the statements that write a draft about what stays, with an answer on the sign on which mo has ruled."""
    weight = {} if value == "unknown" else {"tier": 3, "on": TODAY}
    return [sql.review(author=author, clinic=s.stays), sql.answer(TRIED_REVIEW, AT_HOME, value, **weight)]


def claimed_suggestion(s, by):
    return sql.claimed(s.edit, by).replace("UPDATE review", "UPDATE revision")


@pytest.fixture(scope="module")
def stage(lasting_app):
    stage, sibling = set_stage(), reviewed_clinic()
    stays, gone = ({"public_id": public_id(each)} for each in (stage.elsewhere, stage.clinic))
    waits = submitted(stays, account(), {"cure_all_claims": ("yes", link())})
    edit = suggested(stays, account())
    for each in (gone, sibling):
        relisted(each, "merge", "merged", target=stays)
    found = {"waits": rows(Review, Review.public_id == waits)[0].id, "sibling": number_of(sibling)}
    edited = rows(Revision, Revision.public_id == edit)[0].id
    return SimpleNamespace(**vars(stage), stays=stage.elsewhere, edit=edited, **found)


def public_id(number):
    return rows(Clinic, Clinic.id == number)[0].public_id
