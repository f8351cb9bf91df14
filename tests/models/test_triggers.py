import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import Integer, UniqueConstraint, text
from sqlalchemy.exc import DatabaseError

from directory.domain.ties import TieKind
from directory.extensions import db
from directory.models import Base
from directory.models.guards import EmptyingGuard
from directory.models.listing_guards import ON_LISTINGS
from directory.models.merged_guards import ON_MERGED
from directory.models.triggers import APPEND_ONLY as WHOLE_RECORD
from directory.models.triggers import TRIGGERS as ALL_TRIGGERS
from tests.support import attempts as sql
from tests.support.answers import TODAY, days_ago
from tests.support.attempts import SAFEGUARD, set_stage
from tests.support.rows import without_triggers

#: Those on listings are tried in test_listing_guards, those that follow merged ones in test_merged_guards.
APPEND_ONLY = {table: keys for table, keys in WHOLE_RECORD.items() if table != "listing_decision"}
TRIGGERS = [
    each for each in ALL_TRIGGERS if each not in {*ON_LISTINGS, *ON_MERGED} and each.table != "listing_decision"
]
BY_NAME = {trigger.name: trigger for trigger in TRIGGERS}
TRIED_REVIEW = "(SELECT id FROM review WHERE public_id = 'tried')"
NO_WEIGHT = "tier = NULL, observed_on = NULL"
LAST_HASH = "(SELECT hash FROM audit ORDER BY seq DESC LIMIT 1)"
#: A moment before that of the stage.
EARLIER = "'2026-11-20 12:00:00+00:00'"
HOLD_OF_IT = "(SELECT max(id) FROM hold)"
NOT_ENDED = "UPDATE hold SET ended_at = NULL, ended_by_id = NULL, ended_words = ''"
BARRING = ("owner", "employee", "former_employee", "competitor", "paid", "family", "litigation")
TABLES = sorted({trigger.table for trigger in TRIGGERS})
KEYS = [(table, key) for table, keys in APPEND_ONLY.items() for key in keys]
#: Trigger, and on a stage `s` the statements of which it refuses the last.
TRIED = [
    ("review_begins_as_draft", lambda s: [sql.review(author=s.nan, clinic=s.clinic, status='submitted')]),
    ("review_begins_as_draft", lambda s: [sql.review(author=s.nan, clinic=s.clinic, status='approved')]),
    ("review_delete_draft_only", lambda s: [f"DELETE FROM review WHERE id = {s.waiting}"]),
    ("review_delete_draft_only", lambda s: [f"DELETE FROM review WHERE id = {s.done}"]),
    ("review_stays_its_own", lambda s: [f"UPDATE review SET author_id = {s.bob} WHERE id = {s.done}"]),
    ("review_stays_its_own", lambda s: [f"UPDATE review SET clinic_id = {s.elsewhere} WHERE id = {s.done}"]),
    ("review_stays_its_own", lambda s: [f"UPDATE review SET checklist_version = 'other' WHERE id = {s.done}"]),
    ("review_stays_its_own", lambda s: [f"UPDATE review SET public_id = 'other' WHERE id = {s.done}"]),
    ("review_stays_its_own", lambda s: [f"UPDATE review SET idempotency_key = 'other' WHERE id = {s.done}"]),
    ("review_stays_its_own", lambda s: [f"UPDATE review SET id = 999 WHERE id = {s.done}"]),
    # from one status to another that no action leads to
    ("review_transition", lambda s: [sql.moved(s.draft, "approved", 2)]),
    ("review_transition", lambda s: [sql.moved(s.waiting, "draft", 3)]),
    ("review_transition", lambda s: [sql.moved(s.waiting, "superseded", 3)]),
    ("review_transition", lambda s: [sql.moved(s.done, "submitted", 4)]),
    ("review_transition", lambda s: [sql.moved(s.done, "declined", 4)]),
    # another status without a decision, by a decision for another, on a wrong version; a version without a status
    ("review_by_decision", lambda s: [sql.moved(s.waiting, "approved", 3)]),
    ("review_by_decision", lambda s: [declining(s), sql.moved(s.waiting, "approved", 3)]),
    ("review_by_decision", lambda s: [approving(s), sql.moved(s.waiting, "approved", 2)]),
    ("review_by_decision", lambda s: [approving(s), sql.moved(s.waiting, "approved", 4)]),
    ("review_by_decision", lambda s: [sql.moved(s.waiting, "submitted", 3)]),
    ("review_by_decision", lambda s: [sql.moved(s.done, "approved", 2)]),
    # claimed by its author or an account linked to theirs, anew or in the place of another
    ("review_claim_own_work", lambda s: [sql.claimed(s.waiting, s.cid)]),
    ("review_claim_own_work", lambda s: [sql.claimed(s.waiting, s.mo), sql.claimed(s.waiting, s.cid)]),
    ("review_claim_own_work",
     lambda s: [f"UPDATE account SET linked_to_id = {s.nan} WHERE id = {s.cid}", sql.claimed(s.waiting, s.nan)]),
    # by somebody with a tie to the clinic or its chain, by whichever account; a second time, once they have one
    *[("review_claim_tied", lambda s, kind=kind: [sql.tie(s.nan, s.clinic, kind), sql.claimed(s.waiting, s.nan)])
      for kind in TieKind if kind is not TieKind.NONE],
    ("review_claim_tied", lambda s: [sql.tie(s.moe, s.clinic, "owner"), sql.claimed(s.waiting, s.mo)]),
    ("review_claim_tied", lambda s: [*sql.chained(s.clinic, s.elsewhere), sql.tie(s.nan, s.elsewhere, "paid"),
                                     sql.claimed(s.waiting, s.nan)]),
    ("review_claim_tied", lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=days_ago(-1)),
                                     sql.claimed(s.waiting, s.nan)]),
    ("review_claim_tied", lambda s: [sql.claimed(s.waiting, s.nan), sql.tie(s.nan, s.clinic, "family"),
                                     sql.claimed(s.waiting, s.nan, at="'2026-11-21 13:00:00+00:00'")]),
    # on one's own work, also by a linked account
    ("decision_own_work", lambda s: [approving(s, by=s.cid)]),
    ("decision_own_work", lambda s: [declining(s, by=s.cid)]),
    ("decision_own_work", lambda s: [superseding(s, by=s.ann)]),
    ("decision_own_work", lambda s: [superseding(s, by=s.twin)]),
    ("decision_authors_own", lambda s: [sql.decision(s.waiting, "withdraw", "withdrawn", by=s.mo, clinic=s.clinic)]),
    ("decision_authors_own",
     lambda s: [sql.decision(s.draft, "submit", "submitted", by=s.mo, clinic=s.clinic, before="draft", seen=1)]),
    # about a clinic to which they have any tie but none, that of a patient included; by a linked account, both ways
    *[("decision_tied", lambda s, kind=kind: [sql.tie(s.nan, s.clinic, kind), approving(s, by=s.nan)])
      for kind in TieKind if kind is not TieKind.NONE],
    ("decision_tied", lambda s: [sql.tie(s.nan, s.clinic, "owner"), declining(s, by=s.nan)]),
    ("decision_tied", lambda s: [sql.tie(s.mo, s.clinic, "owner"), superseding(s, by=s.mo)]),
    ("decision_tied", lambda s: [sql.tie(s.mo, s.clinic, "owner"), sent_back(s)]),
    ("decision_tied", lambda s: [sql.tie(s.mo, s.clinic, "owner"), declining(s, by=s.moe)]),
    ("decision_tied", lambda s: [sql.tie(s.moe, s.clinic, "owner"), declining(s, by=s.mo)]),
    # to another of its chain; whatever was said since; until the day on which it ends
    ("decision_tied",
     lambda s: [*sql.chained(s.clinic, s.elsewhere), sql.tie(s.nan, s.elsewhere, "paid"), approving(s, by=s.nan)]),
    ("decision_tied",
     lambda s: [sql.tie(s.nan, s.clinic, "family"), sql.tie(s.nan, s.clinic, "none"), approving(s, by=s.nan)]),
    ("decision_tied",
     lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=days_ago(-1)), approving(s, by=s.nan)]),
    # on a ruling or a look of their own, of before
    ("decision_tied", lambda s: [sql.tie(s.mo, s.clinic, "owner"), on_ruling(s, by=s.mo, clinic=s.clinic)]),
    ("decision_tied", lambda s: [sql.tie(s.mo, s.clinic, "owner"), on_recheck(s, by=s.mo, clinic=s.clinic)]),
    # decided while reviews of the clinic are held, up to the last day of it
    ("decision_while_held", lambda s: [sql.hold(s.clinic), approving(s)]),
    ("decision_while_held", lambda s: [sql.hold(s.clinic), declining(s)]),
    ("decision_while_held", lambda s: [sql.hold(s.clinic), sent_back(s)]),
    ("decision_while_held", lambda s: [sql.hold(s.clinic, began=EARLIER, until=days_ago(-1)), approving(s)]),
    # for no day or for more than fourteen; a second one; by somebody with a tie to the clinic or its chain
    ("hold_of_its_days", lambda s: [sql.hold(s.clinic, until=TODAY)]),
    ("hold_of_its_days", lambda s: [sql.hold(s.clinic, until=days_ago(-15))]),
    ("hold_one_at_a_time", lambda s: [sql.hold(s.held)]),
    ("hold_one_at_a_time", lambda s: [sql.hold(s.clinic, began=EARLIER, until=days_ago(-1)), sql.hold(s.clinic)]),
    ("hold_tied", lambda s: [sql.tie(s.nan, s.clinic, "patient"), sql.hold(s.clinic, by=s.nan)]),
    ("hold_tied", lambda s: [sql.tie(s.mo, s.clinic, "owner"), sql.hold(s.clinic, by=s.moe)]),
    ("hold_tied", lambda s: [*sql.chained(s.clinic, s.elsewhere), sql.tie(s.nan, s.elsewhere, "paid"),
                             sql.hold(s.clinic, by=s.nan)]),
    ("hold_end_tied", lambda s: [sql.tie(s.nan, s.held, "owner"), sql.hold_ended(s.held, s.nan)]),
    ("hold_end_tied", lambda s: [sql.tie(s.moe, s.held, "family"), sql.hold_ended(s.held, s.mo)]),
    # ended twice, opened again, or anything else of it changed
    ("hold_ends_once", lambda s: [sql.hold_ended(s.held, s.nan), sql.hold_ended(s.held, s.mo)]),
    ("hold_ends_once", lambda s: [sql.hold_ended(s.held, s.nan), NOT_ENDED]),
    *[("hold_ends_once", lambda s, change=change: [sql.hold(s.clinic, by=s.nan),
                                                   sql.hold_ended(s.clinic, s.nan, change.format(s=s))])
      for change in ("id = 999", "clinic_id = {s.elsewhere}", f"began_at = {EARLIER}", "until = '2026-12-04'",
                     "words = 'Other words.'", "by_id = {s.mo}")],
    ("hold_ends_once", lambda s: [sql.hold_ended(s.held, s.nan, f"why = 'moderator', by_id = {s.mo}, words = 'So.'")]),
    ("hold_no_delete", lambda _: ["DELETE FROM hold"]),
    # handed in by somebody who said nothing of a tie, said it of another clinic, or whose last word bars them
    ("decision_tie_declared", lambda s: [*handed_in_anew(s)]),
    ("decision_tie_declared", lambda s: [sql.tie(s.nan, s.elsewhere, "none"), *handed_in_anew(s)]),
    *[("decision_tie_declared", lambda s, kind=kind: [sql.tie(s.bob, s.clinic, kind), sql.handed_in(s)])
      for kind in BARRING],
    # of a status in which the review is not, of a version that it has not
    ("decision_as_it_stands", lambda s: [superseding(s, by=s.mo, before="superseded")]),
    ("decision_as_it_stands", lambda s: [approving(s, seen=1)]),
    ("decision_as_it_stands", lambda s: [approving(s, seen=3)]),
    # an author who "hands in" what stands as approved from then on; an approval that declines
    ("decision_transition", lambda s: [sql.decision(s.waiting, "submit", "approved", by=s.cid, clinic=s.clinic)]),
    ("decision_transition", lambda s: [sql.decision(s.waiting, "withdraw", "approved", by=s.cid, clinic=s.clinic)]),
    ("decision_transition", lambda s: [sql.decision(s.waiting, "approve", "declined", by=s.mo, clinic=s.clinic)]),
    # of another clinic, or by another than who did it
    ("decision_of_its_clinic",
     lambda s: [sql.decision(s.waiting, "approve", "approved", by=s.mo, clinic=s.elsewhere)]),
    ("decision_of_its_clinic", lambda s: [on_ruling(s, by=s.mo, clinic=s.elsewhere)]),
    ("decision_of_its_clinic", lambda s: [on_ruling(s, by=s.nan, clinic=s.clinic)]),
    ("decision_of_its_clinic", lambda s: [on_recheck(s, by=s.mo, clinic=s.elsewhere)]),
    ("decision_of_its_clinic", lambda s: [on_recheck(s, by=s.nan, clinic=s.clinic)]),
    ("recheck_own_work", lambda s: [sql.recheck(s.of_waiting, s.cid)]),
    ("recheck_own_work", lambda s: [sql.recheck(s.of_done, s.twin)]),
    ("recheck_tied", lambda s: [sql.tie(s.nan, s.clinic, "patient"), sql.recheck(s.of_done, s.nan)]),
    ("recheck_tied", lambda s: [sql.tie(s.mo, s.clinic, "litigation"), sql.recheck(s.of_done, s.moe)]),
    ("recheck_tied", lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=days_ago(-1)),
                                sql.recheck(s.of_done, s.nan)]),
    ("recheck_tied", lambda s: [*sql.chained(s.clinic, s.elsewhere), sql.tie(s.nan, s.elsewhere, "owner"),
                                sql.recheck(s.of_done, s.nan)]),
    *[("ruling_tied", lambda s, ruled=ruled: [sql.tie(s.nan, s.clinic, "patient"), ruled(s.clinic, s.nan)])
      for ruled in (sql.confirm, sql.remedy)],
    ("ruling_tied", lambda s: [sql.tie(s.mo, s.clinic, "competitor"), sql.remedy(s.clinic, s.moe)]),
    ("notice_tied", lambda s: [sql.tie(s.nan, s.clinic, "patient"), sql.notice(s.clinic, s.nan)]),
    ("notice_tied", lambda s: [sql.tie(s.mo, s.clinic, "owner"), sql.notice(s.clinic, s.moe)]),
    ("notice_tied", lambda s: [*sql.chained(s.clinic, s.elsewhere), sql.tie(s.nan, s.elsewhere, "paid"),
                               sql.notice(s.clinic, s.nan)]),
    ("ruling_tied", lambda s: [sql.tie(s.moe, s.clinic, "competitor"), sql.remedy(s.clinic, s.mo)]),
    ("ruling_tied", lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=days_ago(-1)),
                               sql.remedy(s.clinic, s.nan)]),
    ("ruling_tied", lambda s: [*sql.chained(s.clinic, s.elsewhere), sql.tie(s.nan, s.elsewhere, "owner"),
                               sql.confirm(s.clinic, s.nan)]),
    ("ruling_own_work", lambda s: [sql.confirm(s.clinic, s.ann)]),
    ("ruling_own_work", lambda s: [sql.confirm(s.clinic, s.twin)]),
    ("ruling_own_work", lambda s: [sql.remedy(s.clinic, s.ann)]),
    ("ruling_own_work", lambda s: [sql.remedy(s.clinic, s.twin)]),
    # nor while the answer waits, is sent back to its author, or was followed by a newer one
    ("ruling_own_work", lambda s: [sql.remedy(s.clinic, s.cid)]),
    ("ruling_own_work", lambda s: [sent_back(s), sql.moved(s.waiting, "changes_requested", 3),
                                   sql.remedy(s.clinic, s.cid)]),
    ("ruling_own_work", lambda s: [superseding(s, by=s.mo), sql.moved(s.done, "superseded", 4),
                                   sql.remedy(s.clinic, s.ann)]),
    # the other way round: an answer on a sign on which its author ruled, at once or on second thoughts
    ("answer_own_ruling_insert", lambda s: answering(s, s.mo, "yes")),
    ("answer_own_ruling_insert", lambda s: answering(s, s.moe, "no")),
    ("answer_own_ruling_update", lambda s: [*answering(s, s.mo), answered("yes")]),
    ("answer_own_ruling_update", lambda s: [*answering(s, s.moe), answered("no")]),
    # one person by two accounts, for the same day
    ("ruling_two_people", lambda s: [sql.confirm(s.clinic, s.moe)]),
    ("ruling_two_people", lambda s: [sql.remedy(s.clinic, s.mo), sql.remedy(s.clinic, s.moe)]),
    ("ruling_two_people", lambda s: [sql.remedy(s.clinic, s.moe), sql.remedy(s.clinic, s.mo)]),
    # before the clinic had its seven days
    ("ruling_after_reply", lambda s: [sql.confirm(s.clinic, s.nan, told_on=days_ago(6))]),
    ("ruling_after_reply", lambda s: [sql.confirm(s.clinic, s.nan, told_on=TODAY)]),
    # on a safeguard, or a confirmation of a sign that is not critical
    ("ruling_on_a_sign", lambda s: [sql.confirm(s.clinic, s.nan, sign=SAFEGUARD)]),
    ("ruling_on_a_sign", lambda s: [sql.remedy(s.clinic, s.nan, sign=SAFEGUARD)]),
    ("ruling_on_a_sign", lambda s: [sql.confirm(s.clinic, s.nan, sign="cure_all_claims")]),
    # that no notice bears, or one to another clinic, of another sign, of another day
    ("ruling_after_notice", lambda s: [sql.confirm(s.clinic, s.nan, by_notice="NULL")]),
    ("ruling_after_notice", lambda s: [sql.notice(s.elsewhere, s.mo, on=sql.TOLD_ON),
                                       sql.confirm(s.clinic, s.nan, by_notice=sql.told(s.elsewhere))]),
    ("ruling_after_notice", lambda s: [sql.notice(s.clinic, s.mo, sign="no_detailed_history", on=days_ago(8)),
                                       sql.confirm(s.clinic, s.nan, told_on=days_ago(8))]),
    ("ruling_after_notice", lambda s: [sql.confirm(s.clinic, s.nan, told_on=days_ago(8),
                                                   by_notice=sql.told(s.clinic))]),
    # a vote on one's own review, by whichever account; by somebody with a tie to the clinic or its chain
    ("void_vote_own_work", lambda s: [sql.void_vote(s.done, s.ann)]),
    ("void_vote_own_work", lambda s: [sql.void_vote(s.done, s.twin)]),
    ("void_vote_tied", lambda s: [sql.tie(s.bob, s.clinic, "patient"), sql.void_vote(s.done, s.bob)]),
    ("void_vote_tied", lambda s: [sql.tie(s.moe, s.clinic, "owner"), sql.void_vote(s.done, s.mo)]),
    ("void_vote_tied", lambda s: [*sql.chained(s.clinic, s.elsewhere), sql.tie(s.bob, s.elsewhere, "paid"),
                                  sql.void_vote(s.done, s.bob)]),
    # twice, by two accounts of one person; on what waits and on a draft
    ("void_vote_one_voice", lambda s: [sql.void_vote(s.done, s.nan)]),
    ("void_vote_one_voice", lambda s: [sql.void_vote(s.done, s.mo), sql.void_vote(s.done, s.moe)]),
    ("void_vote_on_what_counts", lambda s: [sql.void_vote(s.waiting, s.mo)]),
    ("void_vote_on_what_counts", lambda s: [sql.void_vote(s.draft, s.mo)]),
    # by one vote, by somebody who did not vote, by two votes of one person, by a vote of what is the author by now
    ("decision_void_by_two", lambda s: [voiding(s, by=s.nan)]),
    ("decision_void_by_two", lambda s: [sql.void_vote(s.done, s.mo), voiding(s, by=s.bob)]),
    ("decision_void_by_two",
     lambda s: [sql.void_vote(s.done, s.bob), f"UPDATE account SET linked_to_id = {s.nan} WHERE id = {s.bob}",
                voiding(s, by=s.bob)]),
    ("decision_void_by_two",
     lambda s: [sql.void_vote(s.done, s.bob), f"UPDATE account SET linked_to_id = {s.ann} WHERE id = {s.bob}",
                voiding(s, by=s.nan)]),
    # wished by somebody else, for what was not approved; ended twice, opened again, anything else of it changed
    ("wish_of_the_author", lambda s: [sql.wish_ended(), sql.wish(s.done, s.twin)]),
    ("wish_of_the_author", lambda s: [sql.wish_ended(), sql.wish(s.done, s.mo)]),
    ("wish_on_what_counts", lambda s: [sql.wish(s.waiting, s.cid)]),
    ("wish_on_what_counts", lambda s: [sql.wish(s.draft, s.bob)]),
    ("wish_ends_once", lambda _: [sql.wish_ended(), sql.wish_ended()]),
    ("wish_ends_once", lambda _: [sql.wish_ended(), "UPDATE wish SET ended_at = NULL"]),
    ("wish_ends_once", lambda _: ["UPDATE wish SET words = 'Other words.'"]),
    *[("wish_ends_once", lambda s, change=change: [sql.wish_ended(change.format(s=s))])
      for change in ("id = 999", "review_id = {s.waiting}", "by_id = {s.twin}", f"at = {EARLIER}",
                     "words = 'Others.'")],
    ("wish_no_delete", lambda _: ["DELETE FROM wish"]),
    # taken back though nobody wishes it any more, or never did
    ("decision_as_wished", lambda s: [sql.wish_ended(), given_back(s, by=s.mo)]),
    # lapsed on the day on which changes were asked for, and a day too early
    ("decision_lapse_in_time", lambda s: [*asked(s), lapsing(s, "'2026-11-21 13:00:00+00:00'")]),
    ("decision_lapse_in_time", lambda s: [*asked(s), lapsing(s, "'2026-12-20 23:00:00+00:00'")]),
    # on an answer of another review, by what is no approval
    ("answer_decision_of_its_review", lambda s: [approving(s), sql.judged(s.waiting, s.of_done)]),
    ("answer_decision_of_its_review", lambda s: [declining(s), sql.judged(s.waiting, s.of_waiting)]),
    ("answer_decision_of_its_review", lambda s: [sql.judged(s.waiting, s.of_waiting, seen=1)]),
    # above its evidence, or without any
    ("answer_decision_tier", lambda s: sql.accepted_on(s, tier=3, kind="first_hand")),
    ("answer_decision_tier", lambda s: sql.accepted_on(s, tier=3, kind="document")),
    ("answer_decision_tier", lambda s: sql.accepted_on(s, tier=3, kind=None, outcome="testimony")),
    ("answer_decision_tier", lambda s: sql.accepted_on(s, tier=2, kind="first_hand", value="no")),
    ("answer_decision_tier", lambda s: sql.accepted_on(s, tier=2, kind="link")),
    ("answer_decision_tier", lambda s: sql.accepted_on(s, tier=1, kind="page_read", value="no")),
    ("answer_decision_tier", lambda s: sql.accepted_on(s, tier=1, kind=None)),
    ("answer_decision_tier", lambda s: sql.accepted_on(s, tier=None, kind="link")),
    # does not apply: to a sign, or to a safeguard that always does; also on second thoughts
    ("answer_may_not_apply_insert", lambda s: [sql.answer(s.draft, 'cure_all_claims', 'not_applicable')]),
    ("answer_may_not_apply_insert", lambda s: [sql.answer(s.draft, SAFEGUARD, 'not_applicable')]),
    ("answer_may_not_apply_update",
     lambda s: [f"UPDATE answer SET value = 'not_applicable', {NO_WEIGHT} WHERE id = {s.of_draft}"]),
    # of a review that was handed in: one more, another, one fewer, one from or for another review, another number
    ("answer_insert_while_written", lambda s: [sql.answer(s.waiting, SAFEGUARD)]),
    ("answer_insert_while_written", lambda s: [sql.answer(s.done, SAFEGUARD)]),
    ("answer_update_while_written", lambda s: [f"UPDATE answer SET tier = 2 WHERE id = {s.of_waiting}"]),
    ("answer_update_while_written", lambda s: [f"UPDATE answer SET value = 'no' WHERE id = {s.of_done}"]),
    ("answer_update_while_written",
     lambda s: [f"DELETE FROM evidence WHERE answer_id = {s.of_draft}", f"DELETE FROM answer WHERE id = {s.of_draft}",
                f"UPDATE answer SET review_id = {s.draft} WHERE id = {s.of_done}"]),
    ("answer_update_while_written",
     lambda s: [f"UPDATE answer SET review_id = {s.done}, criterion = '{SAFEGUARD}' WHERE id = {s.of_draft}"]),
    ("answer_update_while_written",
     lambda s: [f"DELETE FROM evidence WHERE answer_id = {s.of_draft}",
                f"UPDATE answer SET id = 999 WHERE id = {s.of_draft}"]),
    ("answer_delete_while_written", lambda s: [f"DELETE FROM answer WHERE id = {s.of_waiting}"]),
    ("answer_delete_while_written", lambda s: [f"DELETE FROM answer WHERE id = {s.of_done}"]),
    ("evidence_insert_while_written", lambda s: [sql.evidence(s.of_waiting)]),
    ("evidence_insert_while_written", lambda s: [sql.evidence(s.of_done)]),
    ("evidence_update_while_written", lambda s: [f"UPDATE evidence SET quote = 'x' WHERE answer_id = {s.of_waiting}"]),
    ("evidence_update_while_written", lambda s: [f"UPDATE evidence SET quote = 'x' WHERE answer_id = {s.of_done}"]),
    ("evidence_update_while_written",
     lambda s: [f"UPDATE evidence SET answer_id = {s.of_draft} WHERE answer_id = {s.of_done}"]),
    ("evidence_update_while_written",
     lambda s: [f"UPDATE evidence SET answer_id = {s.of_done} WHERE answer_id = {s.of_draft}"]),
    ("evidence_update_while_written", lambda s: [f"UPDATE evidence SET id = 999 WHERE answer_id = {s.of_draft}"]),
    ("evidence_delete_while_written", lambda s: [f"DELETE FROM evidence WHERE answer_id = {s.of_waiting}"]),
    ("evidence_delete_while_written", lambda s: [f"DELETE FROM evidence WHERE answer_id = {s.of_done}"]),
    # out of line: after a gap, in a place that is taken, after another than the last
    ("audit_in_line", lambda _: [sql.entry("max(seq) + 2", LAST_HASH)]),
    ("audit_in_line", lambda _: [sql.entry("max(seq)", LAST_HASH)]),
    ("audit_in_line", lambda _: [sql.entry("max(seq) + 1", "(SELECT hash FROM audit WHERE seq = 1)")]),
    ("audit_in_line", lambda _: [sql.entry("max(seq) + 1", f"'{'0' * 64}'")]),
    # a group of a group
    ("account_flat_links_insert",
     lambda s: [f"INSERT INTO account (public_id, linked_to_id, created_at) VALUES ('x', {s.twin}, '2026-11-21')"]),
    ("account_flat_links_update", lambda s: [f"UPDATE account SET linked_to_id = {s.twin} WHERE id = {s.bob}"]),
    ("account_flat_links_update", lambda s: [f"UPDATE account SET linked_to_id = {s.bob} WHERE id = {s.ann}"]),
]  # fmt: skip
#: What only SQLite can do to a row by adding one: put it in place of a row that was handed in.
REPLACED = [
    ("answer_no_replace", lambda s: [sql.instead(sql.answer(s.draft, SAFEGUARD, number=s.of_done))]),
    ("evidence_no_replace",
     lambda s: [sql.instead(sql.evidence(s.of_draft, number=of_evidence(s.of_done)))]),
    ("review_no_replace", lambda s: [sql.instead(sql.review(author=s.nan, clinic=s.clinic, number=s.done))]),
    ("review_no_replace",
     lambda s: [sql.instead(sql.review(author=s.nan, clinic=s.clinic, public_id=of_review(s.done, 'public_id')))]),
    ("review_no_replace",
     lambda s: [sql.instead(sql.review(author=s.ann, clinic=s.clinic, key=of_review(s.done, 'idempotency_key')))]),
    ("review_no_replace", lambda s: [sql.instead(sql.review(author=s.cid, clinic=s.clinic))]),
    ("wish_no_replace", lambda s: [sql.instead(sql.wish(s.done, s.ann, number="(SELECT id FROM wish)"))]),
    ("wish_no_replace", lambda s: [sql.instead(sql.wish(s.done, s.ann))]),
    ("hold_no_replace", lambda s: [sql.instead(sql.hold(s.clinic, number=HOLD_OF_IT))]),
]  # fmt: skip
RECORD = [
    *[(f"{table}_no_update", [f"UPDATE {table} SET {keys[-1][0]} = {keys[-1][0]}"])
      for table, keys in APPEND_ONLY.items()],
    *[(f"{table}_no_delete", [f"DELETE FROM {table}"]) for table in APPEND_ONLY],
]  # fmt: skip
EMPTIED = [trigger.name for trigger in TRIGGERS if isinstance(trigger, EmptyingGuard)]


@pytest.mark.parametrize(("name", "statements"), TRIED)
def test_the_database_refuses_what_no_check_can_say(name, statements, stage):
    refused_by(BY_NAME[name], statements(stage))


@pytest.mark.security(54)
@pytest.mark.parametrize(("name", "statements"), RECORD)
def test_a_row_of_the_record_is_neither_changed_nor_deleted(name, statements, stage):
    refused_by(BY_NAME[name], statements)


@pytest.mark.security(54)
@pytest.mark.parametrize("lasting_app", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_of_the_record_is_not_changed_by_adding_it_again(table, stage):
    key, *_ = [key for key in APPEND_ONLY[table] if key != ("rowid",)]
    change = f"{key[0]} = EXCLUDED.{key[0]}"
    again = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {change}"

    refused_by(BY_NAME[f"{table}_no_update"], [again])


@pytest.mark.security(54)
@pytest.mark.parametrize("lasting_app", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", EMPTIED)
def test_a_table_of_the_record_is_not_emptied(name, stage):
    refused_by(BY_NAME[name], [f"TRUNCATE {BY_NAME[name].table} CASCADE"])


@pytest.mark.security(54)
@pytest.mark.parametrize("lasting_app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "statements"), REPLACED)
def test_nothing_takes_the_place_of_what_was_handed_in(name, statements, stage):
    refused_by(BY_NAME[name], statements(stage))
    with plain_connection() as connection:
        refused_on(connection, BY_NAME[name], statements(stage)[-1])


@pytest.mark.security(54)
@pytest.mark.parametrize("lasting_app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("table", "key"), KEYS)
def test_no_row_takes_the_place_of_one_of_the_record_by_any_of_its_keys(table, key, stage):
    with plain_connection() as connection:
        refused_on(connection, BY_NAME[f"{table}_no_replace"], replacing(connection, table, key))
        statement = replacing(connection, table, key)
    refused_by(BY_NAME[f"{table}_no_replace"], [statement])


@pytest.mark.security(54)
@pytest.mark.parametrize("lasting_app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "statements"), RECORD)
def test_the_record_is_guarded_on_connections_that_are_not_ours(name, statements, stage):
    with plain_connection() as connection:
        refused_on(connection, BY_NAME[name], statements[-1])
        refused_on(connection, BY_NAME[name], statements[-1].replace("UPDATE ", "UPDATE OR REPLACE "))


@pytest.mark.security(54)
@pytest.mark.parametrize(
    "table",
    [
        "checklist",
        "criterion",
        "decision",
        "answer_decision",
        "recheck",
        "ruling",
        "score",
        "audit",
        "notice",
        "link_proposal",
        "void_vote",
    ],
)
def test_every_key_of_the_record_is_guarded(table):
    found = Base.metadata.tables[table]
    unique = [*(rule for rule in found.constraints if isinstance(rule, UniqueConstraint)), *found.indexes]
    keys = {tuple(rule.columns.keys()) for rule in unique if getattr(rule, "unique", True)}
    key = found.primary_key.columns
    # A whole number as the key is the rowid by another name.
    has_rowid = [type(column.type) for column in key] != [Integer]

    assert set(APPEND_ONLY[table]) == keys | {tuple(key.keys())} | ({("rowid",)} if has_rowid else set())


@pytest.mark.parametrize(
    "statements",
    [
        # who said that they have no tie, or one that ends on this day; whose tie is to a clinic of no chain or another
        lambda s: [sql.tie(s.nan, s.clinic, "none"), approving(s, by=s.nan)],
        lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=TODAY), approving(s, by=s.nan)],
        lambda s: [sql.tie(s.nan, s.elsewhere, "owner"), approving(s, by=s.nan)],
        lambda s: [*sql.chained(s.elsewhere), sql.tie(s.nan, s.elsewhere, "owner"), approving(s, by=s.nan)],
        lambda s: [sql.tie(s.cid, s.clinic, "owner"), approving(s, by=s.nan)],
        lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=TODAY), sql.recheck(s.of_done, s.nan)],
        lambda s: [sql.tie(s.nan, s.elsewhere, "owner"), sql.recheck(s.of_done, s.nan)],
        lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=TODAY), sql.confirm(s.clinic, s.nan)],
        lambda s: [sql.tie(s.nan, s.elsewhere, "owner"), sql.remedy(s.clinic, s.nan)],
        # an author without a tie, a patient, one who corrected what they said; a tie bars nobody from taking it back
        lambda s: [sql.handed_in(s)],
        lambda s: [sql.tie(s.bob, s.clinic, "patient"), sql.handed_in(s)],
        lambda s: [sql.tie(s.bob, s.clinic, "owner"), sql.tie(s.bob, s.clinic, "none"), sql.handed_in(s)],
        # claimed by whoever has no tie, one that is over and one to another clinic included; prolonged and given back
        lambda s: [sql.claimed(s.waiting, s.nan)],
        lambda s: [sql.tie(s.nan, s.clinic, "former_employee", ends_on=TODAY), sql.claimed(s.waiting, s.nan)],
        lambda s: [sql.tie(s.nan, s.elsewhere, "owner"), sql.claimed(s.waiting, s.nan)],
        lambda s: [
            sql.claimed(s.waiting, s.nan),
            sql.tie(s.nan, s.clinic, "family"),
            "UPDATE review SET claim_until = '2026-11-21 23:30:00+00:00' WHERE claimed_by_id IS NOT NULL",
            "UPDATE review SET claimed_by_id = NULL, claimed_at = NULL, claim_until = NULL",
        ],
        # a hold of another clinic, of one that is over or was ended; ended by whoever has no tie; handing in meanwhile
        lambda s: [sql.hold(s.elsewhere), approving(s)],
        lambda s: [sql.hold(s.clinic, began=EARLIER, until=TODAY), approving(s)],
        lambda s: [sql.hold(s.clinic), sql.hold_ended(s.clinic, s.nan), approving(s)],
        lambda s: [sql.hold(s.clinic, began=EARLIER, until=TODAY), sql.hold(s.clinic, until=days_ago(-1))],
        lambda s: [sql.hold(s.clinic, by=s.nan), sql.hold_ended(s.clinic, s.mo), sql.hold(s.clinic)],
        lambda s: [sql.hold(s.clinic), sql.handed_in(s)],
        # void by two, taken back as wished, lapsed after thirty days
        lambda s: [sql.void_vote(s.done, s.mo), voiding(s, by=s.mo)],
        lambda s: [sql.void_vote(s.done, s.bob), voiding(s, by=s.nan)],
        lambda s: [given_back(s, by=s.mo), sql.moved(s.done, "withdrawn_after", 4), sql.wish_ended()],
        lambda s: [sql.wish_ended(), sql.wish(s.done, s.ann)],
        lambda s: [*asked(s), lapsing(s, "'2026-12-21 01:00:00+00:00'")],
        lambda s: [sql.notice(s.clinic, s.mo, on=days_ago(9)), sql.confirm(s.clinic, s.nan, told_on=days_ago(9))],
        lambda s: [
            sql.tie(s.cid, s.clinic, "owner"),
            sql.decision(s.waiting, "withdraw", "withdrawn", by=s.cid, clinic=s.clinic),
        ],
    ],
)
def test_the_database_takes_what_is_done_by_whoever_has_no_tie_that_bars_it(statements, stage):
    with without_triggers([]):
        assert outcome(statements(stage)) == "done"


@pytest.mark.parametrize("lasting_app", ["postgresql"], indirect=True)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_tie_ends_with_the_same_day_wherever_the_server_stands(zone, stage):
    for end, is_tied in ((days_ago(-1), True), (TODAY, False)):
        statements = [f"SET LOCAL TIME ZONE '{zone}'", sql.tie(stage.nan, stage.clinic, "former_employee", ends_on=end)]
        with without_triggers([]):
            assert (outcome([*statements, approving(stage, by=stage.nan)]) != "done") is is_tied


@pytest.mark.parametrize(
    "statements",
    [
        # another person for the same day, the same person for another, of another sign, of another kind
        lambda s: [sql.confirm(s.clinic, s.nan)],
        lambda s: [sql.remedy(s.clinic, s.mo), sql.remedy(s.clinic, s.moe, on=days_ago(1))],
        lambda s: [sql.remedy(s.clinic, s.mo), sql.remedy(s.clinic, s.moe, sign="cure_all_claims")],
        lambda s: [sql.remedy(s.clinic, s.moe)],
        # who was declined, or has only a draft
        lambda s: [declining(s), sql.moved(s.waiting, "declined", 3), sql.remedy(s.clinic, s.cid)],
        lambda s: [sql.remedy(s.clinic, s.bob)],
        # an answer that says nothing, on another sign, or by somebody who ruled on none
        lambda s: answering(s, s.mo),
        lambda s: [*answering(s, s.mo), sql.answer(TRIED_REVIEW, "cure_all_claims", "yes", tier=3, on=TODAY)],
        lambda s: answering(s, s.nan, "yes"),
    ],
)
def test_the_database_takes_a_ruling_or_an_answer_by_whoever_has_no_other_part(statements, stage):
    with without_triggers([]):
        assert outcome(statements(stage)) == "done"


def test_every_trigger_is_tried():
    tried = {name for name, _ in (*TRIED, *REPLACED, *RECORD)} | {f"{table}_no_replace" for table, _ in KEYS}

    assert tried | set(EMPTIED) == set(BY_NAME)
    assert len(BY_NAME) == len(TRIGGERS)


def refused_by(trigger, statements):
    """Hold that the last of the statements is refused, by this trigger if it stands alone, and not without it."""
    around = [each for each in TRIGGERS if each.table == trigger.table or isinstance(trigger, EmptyingGuard)]
    before = rows()

    with without_triggers([]):
        assert outcome(statements) != "done"
    with without_triggers([each for each in around if each is not trigger]):
        assert trigger.message in outcome(statements)
    with without_triggers(around):
        assert trigger.message not in outcome(statements)

    assert rows() == before


def refused_on(connection, trigger, statement):
    """Hold the same on a connection of sqlite3 alone, whatever it has switched off."""
    others = [
        each for each in TRIGGERS if each.table == trigger.table and each is not trigger and each.statements("sqlite")
    ]
    before = dump(connection)

    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.execute("BEGIN")
    for other in others:
        connection.execute(f"DROP TRIGGER {other.name}")
    with pytest.raises(sqlite3.IntegrityError, match=trigger.message):
        connection.execute(statement)
    connection.execute(f"DROP TRIGGER {trigger.name}")
    connection.execute(statement)
    connection.execute("ROLLBACK")

    assert dump(connection) == before


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


def rows():
    found = {table: db.session.execute(text(f"SELECT * FROM {table}")).all() for table in TABLES}
    db.session.rollback()
    return {table: sorted(map(str, each)) for table, each in found.items()}


def approving(s, *, by=None, seen=2):
    return sql.decision(s.waiting, "approve", "approved", by=by or s.mo, clinic=s.clinic, seen=seen)


def declining(s, *, by=None):
    return sql.decision(s.waiting, "decline", "declined", by=by or s.mo, clinic=s.clinic)


def sent_back(s):
    return sql.decision(s.waiting, "request_changes", "changes_requested", by=s.mo, clinic=s.clinic)


def voiding(s, *, by):
    return sql.decision(s.done, "void", "voided", by=by, clinic=s.clinic, before="approved", seen=3)


def given_back(s, *, by):
    return sql.decision(s.done, "withdraw_after", "withdrawn_after", by=by, clinic=s.clinic, before="approved", seen=3)


def asked(s):
    """Return the statements by which the author of what waits was asked for changes."""
    return [sent_back(s), sql.moved(s.waiting, "changes_requested", 3)]


def lapsing(s, at):
    status = {"before": "changes_requested", "seen": 3, "name": "lapsed"}
    return sql.decision(s.waiting, "lapse", "withdrawn", by=s.cid, clinic=s.clinic, at=at, **status)


def answering(s, author, value="unknown"):
    """Return the statements that write a draft with an answer on the sign on which mo has ruled."""
    weight = {} if value == "unknown" else {"tier": 3, "on": TODAY}
    return [sql.review(author=author, clinic=s.clinic), sql.answer(TRIED_REVIEW, sql.AT_HOME, value, **weight)]


def answered(value):
    return f"UPDATE answer SET value = '{value}', tier = 3, observed_on = '{TODAY}' WHERE review_id = {TRIED_REVIEW}"


def handed_in_anew(s):
    """Return the SQL by which nan, who has said nothing of a tie, hands in a draft of their own."""
    submitting = sql.decision(9_999, "submit", "submitted", by=s.nan, clinic=s.clinic, before="draft", seen=1)
    return [sql.review(author=s.nan, clinic=s.clinic, number=9_999), submitting]


def superseding(s, *, by, before="approved"):
    return sql.decision(s.done, "supersede", "superseded", by=by, clinic=s.clinic, before=before, seen=3)


def of_review(review_id, column):
    return f"(SELECT {column} FROM review WHERE id = {review_id})"


def of_evidence(answer_id):
    return f"(SELECT id FROM evidence WHERE answer_id = {answer_id})"


def on_ruling(s, *, by, clinic):
    return sql.decision_on("ruling_id", s.ruling, "confirm", by=by, clinic=clinic)


def on_recheck(s, *, by, clinic):
    return sql.decision_on("recheck_id", s.look, "recheck", by=by, clinic=clinic)


def plain_connection():
    """Return a connection to the file as any program opens it, with what protects rows switched off."""
    connection = sqlite3.connect(db.engine.url.database, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in ("recursive_triggers", "foreign_keys"):
        connection.execute(f"PRAGMA {pragma}=OFF")
    return closing(connection)


def dump(connection):
    return [[tuple(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in TABLES]


def replacing(connection, table, key):
    """Return the SQL that puts a row in place of one that has the same `key`, and no other key of its own."""
    given = " AND ".join(f"{column} IS NOT NULL" for column in key)
    row = dict(connection.execute(f"SELECT rowid AS rowid, * FROM {table} WHERE {given} LIMIT 1").fetchone())
    if key != ("rowid",):
        del row["rowid"]
    for other in APPEND_ONLY[table]:
        fresh = next((column for column in other if column not in key and row.get(column)), None)
        if fresh:
            row[fresh] = 987_654 if isinstance(row[fresh], int) else "f" * 64
    values = ", ".join("NULL" if value is None else repr(value) for value in row.values())
    return f"INSERT OR REPLACE INTO {table} ({', '.join(row)}) VALUES ({values})"


@pytest.fixture(scope="module")
def stage(lasting_app):
    return set_stage()
