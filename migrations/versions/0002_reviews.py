"""Checklist, reviews, decisions, scores and the audit chain."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from directory.models import triggers

revision = '0002'
down_revision = '0001'

TABLES = ('account', 'checklist', 'criterion', 'review', 'answer', 'evidence', 'recheck', 'ruling', 'decision',
          'answer_decision', 'score', 'audit')
#: Triggers on these tables that 0003 to 0006 bring with the tables they look into.
LATER = ('decision_tied', 'decision_tie_declared', 'ruling_tied', 'recheck_tied', 'decision_while_held',
         'review_claim_own_work', 'review_claim_tied', 'decision_void_by_two', 'decision_as_wished',
         'decision_lapse_in_time', 'ruling_after_notice', *(guard.name for guard in triggers.ON_MERGED))
SHA256 = 'af61a1ffa67b67cbf5ebc2a1b6af27126f622b1d39a5036732414f19c981ff68'
#: slug, is_sign, is_critical, may_not_apply
CRITERIA = (
    ('at_home_use_offered', True, True, False),
    ('no_detailed_history', True, True, False),
    ('no_physician_on_staff', True, False, False),
    ('cure_all_claims', True, False, False),
    ('instant_permanent_promises', True, False, False),
    ('oversight_specialist_named', False, False, False),
    ('clinician_present_during_dosing', False, False, False),
    ('emergency_readiness', False, False, False),
    ('in_person_exam_before_first_dose', False, False, False),
    ('psychiatric_evaluation', False, False, False),
    ('baseline_vitals_ecg', False, False, False),
    ('screens_bp_cardiac', False, False, False),
    ('screens_psychosis_mania', False, False, False),
    ('screens_pregnancy', False, False, False),
    ('screens_substance_use', False, False, False),
    ('reviews_meds_allergies', False, False, False),
    ('vitals_monitored_during', False, False, False),
    ('observed_until_stable', False, False, False),
    ('escort_no_driving', False, False, False),
    ('offlabel_status_disclosed', False, False, True),
    ('false_fda_approval_claim', False, False, False),
    ('risks_balanced', False, False, False),
    ('non_addictive_claim', False, False, False),
    ('nonresponse_stopping_rule', False, False, False),
    ('defined_course_reviewed', False, False, False),
    ('written_informed_consent', False, False, False),
    ('followup_scheduled', False, False, False),
    ('psychotherapy_integration', False, False, True),
    ('coordinates_existing_care', False, False, False),
    ('crisis_plan_provided', False, False, False),
    ('price_published', False, False, False),
    ('insurance_payment_terms', False, False, False),
    ('license_active_verified', False, False, False),
    ('rems_certified', False, False, True),
    ('compounded_product_disclosed', False, False, True),
)
# Column by column and with a CHECK that looks at its own column alone: SQLite then adds and drops it in place. Batch mode
# would make the table anew, and dropping the old one would take the facts of every clinic with it.
COLUMNS = (
    ("grade", "VARCHAR(5) NOT NULL DEFAULT 'grey'", "grade IN ('red', 'amber', 'green', 'grey')"),
    ("score_low", "INTEGER NOT NULL DEFAULT 0", "score_low BETWEEN 0 AND 100"),
    ("score_high", "INTEGER NOT NULL DEFAULT 100", "score_high BETWEEN 0 AND 100"),
    ("settled", "INTEGER NOT NULL DEFAULT 0", "settled BETWEEN 0 AND 5"),
    ("confirmed_points", "INTEGER NOT NULL DEFAULT 0", "confirmed_points >= 0"),
    ("signs", "VARCHAR(5) NOT NULL DEFAULT '00000'", "length(signs) = 5"),
    ("signs_seen_on", "DATE", None),
    ("score_changes_on", "DATE", None),
)
CHECK_NAMES = {"signs": "signs_length"}


def upgrade():
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('linked_to_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('linked_to_id <> id', name=op.f('ck_account_not_to_itself')),
    sa.ForeignKeyConstraint(['linked_to_id'], ['account.id'], name=op.f('fk_account_linked_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_public_id'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_linked_to_id'), ['linked_to_id'], unique=False)

    op.create_table('checklist',
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_checklist_sha256_length')),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_checklist'))
    )
    op.create_table('audit',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=30), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('length(hash) = 64 AND length(prev_hash) = 64', name=op.f('ck_audit_hash_length')),
    sa.CheckConstraint('seq >= 1', name=op.f('ck_audit_seq_counts')),
    sa.ForeignKeyConstraint(['actor_id'], ['account.id'], name=op.f('fk_audit_actor_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_hash'))
    )
    op.create_table('criterion',
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('is_sign', sa.Boolean(), nullable=False),
    sa.Column('is_critical', sa.Boolean(), nullable=False),
    sa.Column('may_not_apply', sa.Boolean(), nullable=False),
    sa.CheckConstraint('NOT (is_sign AND may_not_apply)', name=op.f('ck_criterion_signs_apply')),
    sa.CheckConstraint('is_sign OR NOT is_critical', name=op.f('ck_criterion_critical_signs_only')),
    sa.ForeignKeyConstraint(['version'], ['checklist.version'], name=op.f('fk_criterion_version')),
    sa.PrimaryKeyConstraint('version', 'slug', name=op.f('pk_criterion'))
    )
    op.create_table('review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('checklist_version', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('draft', 'submitted', 'changes_requested', 'approved', 'declined', 'withdrawn', 'superseded', 'withdrawn_after', 'voided')", name=op.f('ck_review_status')),
    sa.CheckConstraint("status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name=op.f('ck_review_submitted_at_given')),
    sa.CheckConstraint('length(idempotency_key) BETWEEN 1 AND 64', name=op.f('ck_review_idempotency_key_length')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_review_version_counts')),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_review_author_id')),
    sa.ForeignKeyConstraint(['checklist_version'], ['checklist.version'], name=op.f('fk_review_checklist_version')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_review_clinic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('author_id', 'idempotency_key', name=op.f('uq_review_author_id_idempotency_key')),
    sa.UniqueConstraint('id', 'checklist_version', name=op.f('uq_review_id_checklist_version')),
    sa.UniqueConstraint('public_id', name=op.f('uq_review_public_id'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index('ix_review_clinic_id_status', ['clinic_id', 'status'], unique=False)
        batch_op.create_index('uq_review_open', ['author_id', 'clinic_id'], unique=True, sqlite_where=sa.text("status = 'draft' OR status = 'submitted' OR status = 'changes_requested'"), postgresql_where=sa.text("status = 'draft' OR status = 'submitted' OR status = 'changes_requested'"))

    op.create_table('ruling',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('checklist_version', sa.String(length=20), nullable=False),
    sa.Column('criterion', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.Column('in_force_on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'confirm') = (told_on IS NOT NULL)", name=op.f('ck_ruling_confirm_after_telling')),
    sa.CheckConstraint("kind IN ('confirm', 'remedied')", name=op.f('ck_ruling_kind')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_ruling_by_id')),
    sa.ForeignKeyConstraint(['checklist_version', 'criterion'], ['criterion.version', 'criterion.slug'], name=op.f('fk_ruling_checklist_version_criterion')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_ruling_clinic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ruling')),
    sa.UniqueConstraint('clinic_id', 'criterion', 'kind', 'by_id', 'in_force_on', name=op.f('uq_ruling_clinic_id_criterion_kind_by_id_in_force_on'))
    )
    op.create_table('score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('checklist_version', sa.String(length=20), nullable=False),
    sa.Column('scorer_version', sa.Integer(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('grade', sa.String(length=5), nullable=False),
    sa.Column('low', sa.Integer(), nullable=False),
    sa.Column('high', sa.Integer(), nullable=False),
    sa.Column('settled', sa.Integer(), nullable=False),
    sa.Column('inputs', sa.Text(), nullable=False),
    sa.Column('input_sha256', sa.String(length=64), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("grade IN ('red', 'amber', 'green', 'grey')", name=op.f('ck_score_grade')),
    sa.CheckConstraint('length(input_sha256) = 64', name=op.f('ck_score_input_sha256_length')),
    sa.CheckConstraint('low BETWEEN 0 AND high AND high <= 100', name=op.f('ck_score_range')),
    sa.CheckConstraint('settled BETWEEN 0 AND 5', name=op.f('ck_score_settled')),
    sa.ForeignKeyConstraint(['checklist_version'], ['checklist.version'], name=op.f('fk_score_checklist_version')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_score_clinic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score'))
    )
    with op.batch_alter_table('score', schema=None) as batch_op:
        batch_op.create_index('ix_score_clinic_id_id', ['clinic_id', 'id'], unique=False)

    op.create_table('answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('checklist_version', sa.String(length=20), nullable=False),
    sa.Column('criterion', sa.String(length=60), nullable=False),
    sa.Column('value', sa.String(length=14), nullable=False),
    sa.Column('tier', sa.Integer(), nullable=True),
    sa.Column('observed_on', sa.Date(), nullable=True),
    sa.Column('is_whole_site_read', sa.Boolean(), nullable=False),
    sa.CheckConstraint("value IN ('yes', 'no') OR tier IS NULL", name=op.f('ck_answer_weight_of_something')),
    sa.CheckConstraint("value IN ('yes', 'no', 'unknown', 'not_applicable')", name=op.f('ck_answer_value')),
    sa.CheckConstraint('(tier IS NULL) = (observed_on IS NULL)', name=op.f('ck_answer_weight_whole')),
    sa.CheckConstraint('tier BETWEEN 1 AND 3', name=op.f('ck_answer_tier')),
    sa.ForeignKeyConstraint(['checklist_version', 'criterion'], ['criterion.version', 'criterion.slug'], name=op.f('fk_answer_checklist_version_criterion')),
    sa.ForeignKeyConstraint(['review_id', 'checklist_version'], ['review.id', 'review.checklist_version'], name=op.f('fk_answer_review_id_checklist_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
    sa.UniqueConstraint('review_id', 'criterion', name=op.f('uq_answer_review_id_criterion'))
    )
    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('archive_url', sa.Text(), nullable=False),
    sa.CheckConstraint("archive_url = '' OR archive_url LIKE 'http://%' OR archive_url LIKE 'https://%'", name=op.f('ck_evidence_archive_url_web')),
    sa.CheckConstraint("kind <> 'link' OR quote <> ''", name=op.f('ck_evidence_quote_given')),
    sa.CheckConstraint("kind IN ('link', 'page_read', 'document', 'first_hand')", name=op.f('ck_evidence_kind')),
    sa.CheckConstraint("kind NOT IN ('document', 'first_hand') OR note <> ''", name=op.f('ck_evidence_note_given')),
    sa.CheckConstraint("kind NOT IN ('link', 'page_read') OR url <> ''", name=op.f('ck_evidence_url_given')),
    sa.CheckConstraint("url = '' OR url LIKE 'http://%' OR url LIKE 'https://%'", name=op.f('ck_evidence_url_web')),
    sa.CheckConstraint('length(archive_url) <= 500', name=op.f('ck_evidence_archive_url_length')),
    sa.CheckConstraint('length(note) <= 1000', name=op.f('ck_evidence_note_length')),
    sa.CheckConstraint('length(quote) <= 500', name=op.f('ck_evidence_quote_length')),
    sa.CheckConstraint('length(url) <= 500', name=op.f('ck_evidence_url_length')),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_evidence_answer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_answer_id'), ['answer_id'], unique=False)

    op.create_table('recheck',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('has_seen', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_recheck_answer_id')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_recheck_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck')),
    sa.UniqueConstraint('answer_id', 'by_id', name=op.f('uq_recheck_answer_id_by_id'))
    )
    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=True),
    sa.Column('recheck_id', sa.Integer(), nullable=True),
    sa.Column('ruling_id', sa.Integer(), nullable=True),
    sa.Column('from_status', sa.String(length=20), nullable=True),
    sa.Column('to_status', sa.String(length=20), nullable=True),
    sa.Column('seen_version', sa.Integer(), nullable=True),
    sa.Column('reason_code', sa.String(length=30), nullable=True),
    sa.Column('reason_text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("action IN ('submit', 'withdraw', 'approve', 'request_changes', 'decline', 'supersede', 'recheck', 'confirm', 'remedy')", name=op.f('ck_decision_action')),
    sa.CheckConstraint("(action = 'recheck') = (recheck_id IS NOT NULL) AND (action IN ('confirm', 'remedy')) = (ruling_id IS NOT NULL)", name=op.f('ck_decision_fits_its_action')),
    sa.CheckConstraint("action NOT IN ('decline', 'request_changes') OR (reason_code IS NOT NULL AND reason_text <> '')", name=op.f('ck_decision_reason_given')),
    sa.CheckConstraint("action <> 'remedy' OR reason_text <> ''", name=op.f('ck_decision_remedy_told')),
    sa.CheckConstraint("from_status IN ('draft', 'submitted', 'changes_requested', 'approved', 'declined', 'withdrawn', 'superseded', 'withdrawn_after', 'voided')", name=op.f('ck_decision_from_status')),
    sa.CheckConstraint("reason_code IN ('no_evidence', 'evidence_not_supporting', 'not_about_this_clinic', 'personal_data', 'staff_named_unneeded', 'undisclosed_tie', 'paid_or_rewarded', 'duplicate', 'outside_rubric', 'abusive', 'copied_text')", name=op.f('ck_decision_reason_code')),
    sa.CheckConstraint("to_status IN ('draft', 'submitted', 'changes_requested', 'approved', 'declined', 'withdrawn', 'superseded', 'withdrawn_after', 'voided')", name=op.f('ck_decision_to_status')),
    sa.CheckConstraint('(review_id IS NOT NULL) = (recheck_id IS NULL AND ruling_id IS NULL) AND (recheck_id IS NULL OR ruling_id IS NULL)', name=op.f('ck_decision_about_one_thing')),
    sa.CheckConstraint('(review_id IS NULL) = (from_status IS NULL) AND (review_id IS NULL) = (to_status IS NULL) AND (review_id IS NULL) = (seen_version IS NULL)', name=op.f('ck_decision_transition_whole')),
    sa.CheckConstraint('length(reason_text) <= 1000', name=op.f('ck_decision_reason_text_length')),
    sa.ForeignKeyConstraint(['actor_id'], ['account.id'], name=op.f('fk_decision_actor_id')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_decision_clinic_id')),
    sa.ForeignKeyConstraint(['recheck_id'], ['recheck.id'], name=op.f('fk_decision_recheck_id')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_decision_review_id')),
    sa.ForeignKeyConstraint(['ruling_id'], ['ruling.id'], name=op.f('fk_decision_ruling_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('public_id', name=op.f('uq_decision_public_id')),
    sa.UniqueConstraint('recheck_id', name=op.f('uq_decision_recheck_id')),
    sa.UniqueConstraint('ruling_id', name=op.f('uq_decision_ruling_id'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_clinic_id'), ['clinic_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_review_id'), ['review_id'], unique=False)
        batch_op.create_index('uq_decision_review_id_seen_version', ['review_id', 'seen_version'], unique=True)

    op.create_table('answer_decision',
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('reason_code', sa.String(length=30), nullable=True),
    sa.Column('reason_text', sa.Text(), nullable=False),
    sa.CheckConstraint("outcome = 'accepted' OR (reason_code IS NOT NULL AND reason_text <> '')", name=op.f('ck_answer_decision_reason_given')),
    sa.CheckConstraint("outcome IN ('accepted', 'testimony', 'dropped')", name=op.f('ck_answer_decision_outcome')),
    sa.CheckConstraint("reason_code IN ('no_evidence', 'evidence_not_supporting', 'not_about_this_clinic', 'personal_data', 'staff_named_unneeded', 'undisclosed_tie', 'paid_or_rewarded', 'duplicate', 'outside_rubric', 'abusive', 'copied_text')", name=op.f('ck_answer_decision_reason_code')),
    sa.CheckConstraint('length(reason_text) <= 1000', name=op.f('ck_answer_decision_reason_text_length')),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_answer_decision_answer_id')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_answer_decision_decision_id')),
    sa.PrimaryKeyConstraint('decision_id', 'answer_id', name=op.f('pk_answer_decision'))
    )
    with op.batch_alter_table('answer_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_decision_answer_id'), ['answer_id'], unique=False)

    for name, kind, check in COLUMNS:
        rule = f" CONSTRAINT ck_clinic_{CHECK_NAMES.get(name, name)} CHECK ({check})" if check else ""
        op.execute(f"ALTER TABLE clinic ADD COLUMN {name} {kind}{rule}")
    op.drop_index('ix_clinic_nearby', 'clinic')
    op.create_index('ix_clinic_nearby', 'clinic', ['cell', 'x', 'y', 'z', 'routes', 'settled', 'confirmed_points', 'score_low', 'id', 'status'], unique=False, sqlite_where=sa.text("status = 'published'"), postgresql_where=sa.text("status = 'published'"))
    op.create_index('ix_clinic_score_changes_on', 'clinic', ['score_changes_on'], unique=False, sqlite_where=sa.text('score_changes_on IS NOT NULL'), postgresql_where=sa.text('score_changes_on IS NOT NULL'))
    publish_checklist()
    for statement in triggers.create(op.get_bind().dialect.name, TABLES, without=LATER):
        op.execute(statement)


def publish_checklist():
    op.bulk_insert(
        sa.table('checklist', sa.column('version'), sa.column('published_on', sa.Date()), sa.column('sha256')),
        [{'version': '2026.1', 'published_on': date(2026, 11, 22), 'sha256': SHA256}],
    )
    names = ('slug', 'is_sign', 'is_critical', 'may_not_apply')
    op.bulk_insert(
        sa.table('criterion', sa.column('version'), *(sa.column(name) for name in names)),
        [{'version': '2026.1', **dict(zip(names, row))} for row in CRITERIA],
    )


def downgrade():
    for statement in triggers.drop(op.get_bind().dialect.name, TABLES, without=LATER):
        op.execute(statement)
    op.drop_index('ix_clinic_score_changes_on', 'clinic')
    op.drop_index('ix_clinic_nearby', 'clinic')
    op.create_index('ix_clinic_nearby', 'clinic', ['cell', 'x', 'y', 'z', 'routes', 'id', 'status'], unique=False, sqlite_where=sa.text("status = 'published'"), postgresql_where=sa.text("status = 'published'"))
    for name, _kind, _check in reversed(COLUMNS):
        op.execute(f"ALTER TABLE clinic DROP COLUMN {name}")

    with op.batch_alter_table('answer_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_decision_answer_id'))

    op.drop_table('answer_decision')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index('uq_decision_review_id_seen_version')
        batch_op.drop_index(batch_op.f('ix_decision_review_id'))
        batch_op.drop_index(batch_op.f('ix_decision_clinic_id'))

    op.drop_table('decision')
    op.drop_table('recheck')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_answer_id'))

    op.drop_table('evidence')
    op.drop_table('answer')
    with op.batch_alter_table('score', schema=None) as batch_op:
        batch_op.drop_index('ix_score_clinic_id_id')

    op.drop_table('score')
    op.drop_table('ruling')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index('uq_review_open', sqlite_where=sa.text("status = 'draft' OR status = 'submitted' OR status = 'changes_requested'"), postgresql_where=sa.text("status = 'draft' OR status = 'submitted' OR status = 'changes_requested'"))
        batch_op.drop_index('ix_review_clinic_id_status')

    op.drop_table('review')
    op.drop_table('criterion')
    op.drop_table('audit')
    op.drop_table('checklist')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_linked_to_id'))

    op.drop_table('account')
