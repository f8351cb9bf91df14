import json
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from directory.domain.case_reading import parse_case
from directory.domain.cases import canonical, case_as_json, explanation
from directory.domain.errors import InvalidParameter, NotFound
from directory.extensions import reading
from directory.models import AuditEntry, StoredScore
from directory.queries.scores import COPIES
from directory.services import audit, checklists, scores
from tests.support.answers import TODAY, days_ago
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.reviews import (
    AS_TESTIMONY,
    DROPPED,
    NOON,
    account,
    accounts,
    approved,
    confirmed,
    decided,
    declined,
    link,
    pages,
    rechecked,
    remedied,
    reviewed_clinic,
    submitted,
    told,
)
from tests.support.rows import tamper
from tests.support.statements import counted_statements, just_before
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("app")

AT_HOME, CURE_ALL, SAFEGUARD = "at_home_use_offered", "cure_all_claims", "price_published"
#: How long an answer on each counts.
CURE_ALL_DAYS, AT_HOME_DAYS = 180, 365
UNCHECKED = ("grey", 0, 100, 0, 0, "00000", None, None)
NOT_THE_RECORD = "its inputs are not what the record holds"


def test_an_approval_stores_the_score_with_what_it_was_made_of():
    clinic = cleared(reviewed_clinic())

    *_, stored = history(clinic)
    case = parse_case(stored.inputs, checklists.version)
    assert [(each.reviewer, each.group, each.value, each.tier, each.observed_on) for each in case.answers] == [
        ("r1", "g-r1", "no", 3, TODAY),
        ("r2", "g-r2", "no", 3, TODAY),
    ]
    assert stored.inputs == canonical(case_as_json(case))
    assert stored.input_sha256 == sha256(stored.inputs.encode()).hexdigest()
    assert stored.explanation == canonical(explanation(case))
    assert (stored.grade, stored.low, stored.high, stored.settled) == ("grey", 0, 100, 1)
    assert (stored.checklist_version, stored.scorer_version) == ("2026.1", 1)
    assert (stored.as_of, audit.in_utc(stored.at)) == (TODAY, NOON)


def test_the_clinic_carries_copies_of_its_newest_score():
    clinic = reviewed_clinic()
    assert copies(clinic) == UNCHECKED

    cleared(clinic, on=days_ago(9))

    runs_out = days_ago(9) + timedelta(CURE_ALL_DAYS + 1)
    assert copies(clinic) == ("grey", 0, 100, 1, 0, "00010", days_ago(9), runs_out)


def test_a_confirmed_sign_shows_in_the_copies():
    clinic = confirmed_clinic(told_on=days_ago(7))

    runs_out = days_ago(7) + timedelta(AT_HOME_DAYS + 1)
    assert copies(clinic) == ("red", 0, 50, 1, 50, "40000", days_ago(7), runs_out)


def test_earlier_scores_stay_as_they_were():
    clinic, author = reviewed_clinic(), account()
    approved(clinic, author, {CURE_ALL: ("yes", link())})
    before = rows("score")

    approved(clinic, author, {CURE_ALL: ("no", *pages(TODAY))}, at=NOON + timedelta(3))

    assert rows("score")[:-1] == before
    assert [(each.as_of, each.grade) for each in history(clinic)] == [
        (TODAY, "amber"),
        (TODAY + timedelta(3), "grey"),
    ]


def test_an_answer_that_changes_no_verdict_is_still_among_the_inputs():
    clinic = cleared(reviewed_clinic())
    before, shown = len(history(clinic)), copies(clinic)

    approved(clinic, account(), {CURE_ALL: ("no", *pages(TODAY))})

    assert copies(clinic) == shown
    assert len(history(clinic)) == before + 1
    assert len(json.loads(history(clinic)[-1].inputs)["answers"]) == 3


def test_nothing_new_is_stored_where_nothing_changed():
    clinic = cleared(reviewed_clinic())
    before = rows("score"), rows("clinic")

    assert restated(clinic, at=NOON + timedelta(days=1)) == 0

    assert (rows("score"), rows("clinic")) == before


@pytest.mark.parametrize(
    "answers",
    [
        # a safeguard alone makes no score; nor does a sign of which the moderator dropped the answer
        {SAFEGUARD: ("yes", link())},
        {SAFEGUARD: ("yes", link()), CURE_ALL: ("no", *pages(TODAY))},
        # an answer that says nothing
        {SAFEGUARD: ("yes", link()), CURE_ALL: ("unknown",)},
    ],
)
def test_what_says_nothing_about_the_signs_stores_no_score(answers):
    clinic = reviewed_clinic()

    approved(clinic, account(), answers, **dict.fromkeys({CURE_ALL} & answers.keys(), DROPPED))

    assert history(clinic) == []
    assert copies(clinic) == UNCHECKED
    assert list(scores.verify()) == []


def test_other_rules_state_every_score_anew_that_is_looked_at():
    clinic = cleared(reviewed_clinic())
    tamper("UPDATE score SET scorer_version = 0")

    assert restated(clinic) == 1

    assert history(clinic)[-1].scorer_version == 1


@pytest.mark.parametrize(
    "change", ["grade = 'red'", "signs = '44444'", "signs_seen_on = NULL", "score_changes_on = NULL"]
)
def test_copies_that_went_astray_are_mended_and_the_score_stated_anew(change):
    clinic = cleared(reviewed_clinic())
    before = copies(clinic)
    tamper(f"UPDATE clinic SET {change}")

    assert restated(clinic) == 1

    assert copies(clinic) == before


def test_stating_scores_takes_eight_statements_whatever_there_is():
    few, many = [cleared(reviewed_clinic())], [cleared(reviewed_clinic(), times=2) for _ in range(4)]

    for clinics in map(ids_of, (few, many)):
        with audit.turn() as session, counted_statements() as seen:
            changed = scores.restate(session, clinics, at=NOON + timedelta(CURE_ALL_DAYS + 1))

        assert changed == len(clinics)
        assert len(seen) == 8, seen


def test_the_case_of_a_clinic_is_what_its_score_is_made_of():
    clinic = confirmed_clinic(told_on=TODAY)

    assert canonical(case_as_json(scores.case(clinic["public_id"], TODAY))) == history(clinic)[-1].inputs
    assert scores.case(clinic["public_id"], TODAY + timedelta(6)).score().grade == "amber"
    assert scores.case(clinic["public_id"], TODAY + timedelta(7)).score().grade == "red"
    assert scores.case(clinic["public_id"], TODAY + timedelta(AT_HOME_DAYS + 1)).score().grade == "grey"


@pytest.mark.parametrize("public_id", ["", "no id", "abcdefghijkl"])
def test_a_clinic_that_is_not_there_has_no_case(public_id):
    with pytest.raises(NotFound):
        scores.case(public_id, TODAY)


def test_a_clinic_that_is_not_public_has_no_case():
    with pytest.raises(NotFound):
        scores.case(add_clinic(status="proposed")["public_id"], TODAY)


def test_anybody_may_explain_a_case():
    case = scores.case(cleared(reviewed_clinic())["public_id"], TODAY)

    assert scores.explain(json.dumps(case_as_json(case))) == explanation(case)
    with pytest.raises(InvalidParameter):
        scores.explain("{}")


AGEING = [
    # what happens; the day from which it counts; the digits before, on that day, and the day of the next change
    ("an answer runs out", lambda: cleared(reviewed_clinic()), CURE_ALL_DAYS + 1, "00010", "00000", None),
    (
        "the older of two answers runs out",
        lambda: cleared(reviewed_clinic(), also_on=days_ago(30)),
        CURE_ALL_DAYS - 29, "00010", "00000", CURE_ALL_DAYS + 1,
    ),
    ("a ruling comes into force", lambda: confirmed_clinic(told_on=TODAY), 7, "30000", "40000", AT_HOME_DAYS + 1),
    (
        "the last answer under a confirmation runs out",
        lambda: confirmed_clinic(told_on=days_ago(7)),
        AT_HOME_DAYS - 6, "40000", "00000", None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("story", "days", "before", "after", "next_days"), [row[1:] for row in AGEING],
                         ids=[row[0] for row in AGEING])  # fmt: skip
def test_time_changes_a_score_on_its_day_and_not_the_day_before(story, days, before, after, next_days):
    clinic, day = story(), TODAY + timedelta(days)
    told_before = rows("score"), rows("clinic"), rows("audit")
    assert (copies(clinic)[5], copies(clinic)[7]) == (before, day)

    assert scores.expire(at=NOON + timedelta(days - 1)) == 0
    assert (rows("score"), rows("clinic"), rows("audit")) == told_before

    assert scores.expire(at=NOON + timedelta(days)) == 1
    assert copies(clinic)[5] == after
    assert copies(clinic)[7] == (next_days and TODAY + timedelta(next_days))
    assert history(clinic)[-1].as_of == day
    assert rows("score")[:-1] == told_before[0]
    told_once = rows("score"), rows("clinic"), rows("audit")

    assert scores.expire(at=NOON + timedelta(days)) == 0
    assert (rows("score"), rows("clinic"), rows("audit")) == told_once
    assert list(scores.verify()) == []
    assert audit.verify().problem == ""


def test_nights_that_were_missed_are_made_up_for():
    clinic = confirmed_clinic(told_on=TODAY)

    assert scores.expire(at=NOON + timedelta(AT_HOME_DAYS + 100)) == 1

    assert copies(clinic) == UNCHECKED
    assert list(scores.verify()) == []


def test_ageing_that_changes_no_score_is_entered_and_looked_at_once():
    clinic = reviewed_clinic()
    approved(clinic, account(), {CURE_ALL: ("no", told(on=days_ago(180)))})
    assert copies(clinic) == ("grey", 0, 100, 0, 0, "00000", days_ago(180), TODAY + timedelta(1))
    before = len(history(clinic))

    assert scores.expire(at=NOON + timedelta(1)) == 1

    assert copies(clinic) == UNCHECKED
    assert len(history(clinic)) == before + 1


def test_ageing_is_entered_in_the_record():
    clinic = cleared(reviewed_clinic())
    at = NOON + timedelta(CURE_ALL_DAYS + 1)

    scores.expire(at=at)

    with reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (entry.action, entry.actor_id, audit.in_utc(entry.at)) == ("expire", None, at)
    assert json.loads(entry.body) == {"as_of": at.date().isoformat(), "clinics": ids_of([clinic]), "changed": 1}


def test_ageing_goes_on_in_batches_where_it_was_cut_off():
    add_clinics([clinic_row(score_changes_on=TODAY) for _ in range(501)])
    tomorrow = add_clinic(score_changes_on=TODAY + timedelta(1))
    seen = []

    def cut(count):
        seen.append(count)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scores.expire(at=NOON, on_progress=cut)
    assert scores.expire(at=NOON, on_progress=seen.append) == 1

    assert seen == [500, 1]
    assert [json.loads(row["body"])["changed"] for row in rows("audit")] == [500, 1]
    assert [row["public_id"] for row in rows("clinic") if row["score_changes_on"]] == [tomorrow["public_id"]]


def test_a_record_that_nobody_touched_verifies_in_silence():
    add_clinics([clinic_row() for _ in range(500)])
    hidden = cleared(reviewed_clinic())
    everything_that_makes_a_score()
    scores.expire(at=NOON + timedelta(7))
    scores.expire(at=NOON + timedelta(CURE_ALL_DAYS + 1))
    tamper(f"UPDATE clinic SET status = 'closed' WHERE public_id = '{hidden['public_id']}'")
    seen = []

    assert list(scores.verify(on_progress=seen.append)) == []

    assert seen == [500, len(rows("clinic")) - 500]


def test_verifying_takes_as_many_statements_for_many_clinics_as_for_one():
    cleared(reviewed_clinic())
    with counted_statements() as few:
        list(scores.verify())
    for _ in range(4):
        cleared(reviewed_clinic(), times=2)

    with counted_statements() as many:
        list(scores.verify())

    assert len(many) == len(few) <= 8


def test_a_decision_that_is_made_meanwhile_is_no_difference(app):
    clinic = cleared(reviewed_clinic())

    def decide():
        approved(clinic, account(), {CURE_ALL: ("yes", link())})

    with just_before("FROM review JOIN", lambda: at_once(app, decide)):
        assert list(scores.verify()) == []
    assert list(scores.verify()) == []


TAMPERED_SCORES = [
    ("as_of = '2026-11-20'", "as_of is 2026-11-20; its inputs give 2026-11-21"),
    ("as_of = '2026-11-20'", "as_of is 2026-11-20; it was computed on 2026-11-21"),
    ("at = '2026-11-22 00:00:00+00:00'", "as_of is 2026-11-21; it was computed on 2026-11-22"),
    ("grade = 'green'", "grade is green; its inputs give grey"),
    ("low = 21", "low is 21; its inputs give 0"),
    ("high = 99", "high is 99; its inputs give 100"),
    ("settled = 5", "settled is 5; its inputs give 1"),
    ("scorer_version = 2", "scorer_version is 2; its inputs give 1"),
    ("explanation = '{}'", "explanation is {}; its inputs give {\"as_of\""),
    (f"input_sha256 = '{'0' * 64}'", "input_sha256 is not that of its inputs"),
    ("inputs = replace(inputs, '\"tier\":3', '\"tier\":2')", "input_sha256 is not that of its inputs"),
    ("inputs = replace(inputs, '\"tier\":3', '\"tier\":1')", "settled is 1; its inputs give 0"),
    ("inputs = 'no JSON'", "its inputs cannot be read: case: this is no JSON"),
    ("inputs = replace(inputs, '\"tier\":3', '\"tier\":9')", "its inputs cannot be read: answers[0].tier"),
    ("inputs = replace(inputs, '\"r1\"', '\"René\"')", "input_sha256 is not that of its inputs"),
]  # fmt: skip


@pytest.mark.security(54)
@pytest.mark.parametrize("newest", [True, False])
@pytest.mark.parametrize(("change", "problem"), TAMPERED_SCORES)
def test_a_tampered_score_is_named_with_its_clinic(change, problem, newest):
    other, clinic = cleared(reviewed_clinic()), cleared(reviewed_clinic())
    if not newest:
        approved(clinic, account(), {CURE_ALL: ("yes", link())})
    number = history(clinic)[1].id

    tamper(f"UPDATE score SET {change} WHERE id = {number}")

    found = list(scores.verify())
    assert [line for line in found if line.startswith(f"clinic {clinic['public_id']}: score {number}: {problem}")]
    assert not [line for line in found if other["public_id"] in line]


@pytest.mark.security(54)
def test_a_score_of_another_version_of_the_checklist_is_named():
    clinic = cleared(reviewed_clinic())
    newest = history(clinic)[-1].id
    tamper("INSERT INTO checklist (version, published_on, sha256) SELECT 'x', published_on, sha256 FROM checklist")

    tamper(f"UPDATE score SET checklist_version = 'x' WHERE id = {newest}")
    found = list(scores.verify())
    tamper("DELETE FROM score", "DELETE FROM checklist WHERE version = 'x'")

    assert found == [f"clinic {clinic['public_id']}: score {newest}: checklist_version is x; its inputs give 2026.1"]


@pytest.mark.security(54)
def test_a_score_that_was_given_to_another_clinic_is_named_for_both():
    clinic, other = cleared(reviewed_clinic()), cleared(reviewed_clinic(), on=days_ago(1))
    newest = history(other)[-1].id

    tamper(f"UPDATE score SET clinic_id = {ids_of([clinic])[0]} WHERE id = {newest}")

    found = list(scores.verify())
    assert f"clinic {clinic['public_id']}: score {newest}: {NOT_THE_RECORD}" in found
    assert [line for line in found if line.startswith(f"clinic {other['public_id']}: ")]


@pytest.mark.security(54)
def test_a_score_that_was_taken_out_is_missed():
    clinic = cleared(reviewed_clinic())
    first, newest = history(clinic)
    name = f"clinic {clinic['public_id']}"

    tamper(f"DELETE FROM score WHERE id = {newest.id}")
    assert f"{name}: score {first.id}: {NOT_THE_RECORD}" in list(scores.verify())

    tamper("DELETE FROM score")
    assert f"{name}: answers on the signs were approved and no score is stored" in list(scores.verify())


@pytest.mark.security(54)
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("grade = 'green'", "grade is green; the record gives grey"),
        ("score_low = 100", "score_low is 100; the record gives 0"),
        ("score_high = 20", "score_high is 20; the record gives 100"),
        ("settled = 5", "settled is 5; the record gives 1"),
        ("confirmed_points = 50", "confirmed_points is 50; the record gives 0"),
        ("signs = '11111'", "signs is 11111; the record gives 00010"),
        ("signs_seen_on = '2026-11-20'", "signs_seen_on is 2026-11-20; the record gives 2026-11-21"),
        ("score_changes_on = NULL", "score_changes_on is None; the record gives 2027-05-21"),
    ],
)
def test_a_tampered_copy_is_named_with_its_clinic(change, problem):
    other, clinic = reviewed_clinic(), cleared(reviewed_clinic())

    tamper(f"UPDATE clinic SET {change} WHERE public_id = '{clinic['public_id']}'")

    assert list(scores.verify()) == [f"clinic {clinic['public_id']}: {problem}"]
    assert copies(other) == UNCHECKED


@pytest.mark.security(54)
@pytest.mark.parametrize("change", ["grade = 'green'", "settled = 5", "score_changes_on = '2026-12-24'"])
def test_a_copy_of_a_score_that_nobody_made_is_named(change):
    clinic = reviewed_clinic()

    tamper(f"UPDATE clinic SET {change}")

    (found,) = scores.verify()
    assert found.startswith(f"clinic {clinic['public_id']}: {change.split()[0]} is ")


@pytest.mark.security(54)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE answer SET value = 'no' WHERE criterion = 'at_home_use_offered'",
        "UPDATE answer SET tier = 2",
        "UPDATE answer SET observed_on = '2026-11-20'",
        "UPDATE answer SET criterion = 'no_detailed_history'",
        "UPDATE answer_decision SET outcome = 'dropped', reason_code = 'duplicate', reason_text = 'x'",
        "UPDATE answer_decision SET outcome = 'testimony', reason_code = 'duplicate', reason_text = 'x'",
        "UPDATE recheck SET has_seen = FALSE",
        "UPDATE ruling SET in_force_on = '2026-11-20' WHERE id = (SELECT max(id) FROM ruling)",
        "UPDATE review SET status = 'declined'",
        "UPDATE review SET clinic_id = (SELECT max(id) FROM clinic)",
    ],
)
def test_a_record_that_was_changed_under_a_score_is_named(change):
    clinic = confirmed_clinic(told_on=days_ago(7))
    reviewed_clinic()
    newest = history(clinic)[-1].id
    assert list(scores.verify()) == []

    tamper(change)

    assert f"clinic {clinic['public_id']}: score {newest}: {NOT_THE_RECORD}" in list(scores.verify())


@pytest.mark.security(54)
def test_a_ruling_to_come_that_was_moved_is_named():
    clinic = confirmed_clinic(told_on=TODAY)

    tamper("UPDATE ruling SET in_force_on = '2027-11-01'")

    (found,) = scores.verify()
    assert found == f"clinic {clinic['public_id']}: score_changes_on is 2026-11-28; the record gives 2027-11-01"


def cleared(clinic, *, on=TODAY, also_on=None, times=1):
    """Let two people, and as many more for each time, read the site of a clinic and find no claim to cure all."""
    for author, day in zip(accounts(2 * times), [also_on or on, *[on] * (2 * times - 1)], strict=True):
        approved(clinic, author, {CURE_ALL: ("no", *pages(day))})
    return clinic


def confirmed_clinic(*, told_on):
    """Return a clinic that was told of a re-checked answer on the day on which it was seen, as two people confirm."""
    clinic = reviewed_clinic()
    rechecked(approved(clinic, account(), {AT_HOME: ("yes", link(on=told_on))}), AT_HOME)
    confirmed(clinic, AT_HOME, told_on=told_on)
    return clinic


def everything_that_makes_a_score():
    author = account()
    everywhere = [cleared(reviewed_clinic()) for _ in range(2)]
    superseded = reviewed_clinic()
    for answers in ({AT_HOME: ("yes", link()), CURE_ALL: ("yes", link())}, {CURE_ALL: ("no", *pages(TODAY))}):
        approved(superseded, author, answers)
    linked = reviewed_clinic()
    for each in (author, account(linked_to=author)):
        approved(linked, each, {AT_HOME: ("no", told()), CURE_ALL: ("yes", link())}, **{CURE_ALL: AS_TESTIMONY})
    approved(reviewed_clinic(), author, {SAFEGUARD: ("yes", link())})
    decided(submitted(reviewed_clinic(), author, {AT_HOME: ("yes", link())}), declined())
    remedied(confirmed_clinic(told_on=days_ago(7)), AT_HOME)
    return [*everywhere, superseded, linked, confirmed_clinic(told_on=TODAY)]


def restated(clinic, *, at=NOON):
    with audit.turn() as session:
        return scores.restate(session, ids_of([clinic]), at=at)


def history(clinic):
    with reading() as session:
        mine = StoredScore.clinic_id == ids_of([clinic])[0]
        return session.scalars(select(StoredScore).where(mine).order_by(StoredScore.id)).all()


def copies(clinic):
    (row,) = [row for row in rows("clinic") if row["public_id"] == clinic["public_id"]]
    days = ("signs_seen_on", "score_changes_on")
    return tuple(_day(row[name]) if name in days else row[name] for name in COPIES)


def _day(value):
    return date.fromisoformat(value) if isinstance(value, str) else value


def ids_of(clinics):
    names = [clinic["public_id"] for clinic in clinics]
    return [row["id"] for row in rows("clinic") if row["public_id"] in names]


def rows(table):
    with reading() as session:
        return [dict(row) for row in session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).mappings()]
