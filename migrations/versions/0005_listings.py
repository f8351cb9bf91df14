"""How listings change: revisions and the decisions on them; more that can be decided on a review, more that a listing can be."""

import sqlalchemy as sa
from alembic import op

from directory.models import triggers

revision = '0005'
down_revision = '0004'

#: Triggers on tables of 0001, 0002 and 0004 that look into tables and columns of this one.
BROUGHT = ('clinic_by_decision', 'clinic_successor', *(guard.name for guard in triggers.ON_MERGED))
#: New tables whose triggers come with them, in the order in which they are made.
TABLES = ('revision', 'listing_decision')
#: CHECKs that let more words through: table, name, column, the words until now, and those that are new.
WIDENED = (
    ('clinic', 'ck_clinic_status', 'status', ('proposed', 'published', 'closed'),
     ('merged', 'hidden', 'declined', 'withdrawn')),
    ('decision', 'ck_decision_action', 'action',
     ('submit', 'withdraw', 'approve', 'request_changes', 'decline', 'supersede', 'recheck', 'confirm', 'remedy'),
     ('lapse', 'withdraw_after', 'void')),
)
#: What can be done with a review only for a reason: until now, and from now on.
WITH_REASON = ("'decline', 'request_changes'", "'decline', 'request_changes', 'void'")


def upgrade():
    for table, name, column, former, new in WIDENED:
        change_check(table, name, one_of(column, former), one_of(column, (*former, *new)))
    change_check('decision', 'ck_decision_reason_given', *map(reason_given, WITH_REASON))
    make_revisions()
    make_decisions()
    engine = op.get_bind().dialect.name
    # One rule a column: SQLite then adds and drops it in place.
    op.execute('ALTER TABLE clinic ADD COLUMN successor_id INTEGER'
               ' CONSTRAINT fk_clinic_successor_id REFERENCES clinic (id)'
               " CONSTRAINT ck_clinic_successor_given CHECK ((status = 'merged') = (successor_id IS NOT NULL))")
    op.create_index('ix_clinic_successor_id', 'clinic', ['successor_id'], unique=False)
    make_indexes_of_clinics()
    op.execute('ALTER TABLE clinic_fact ADD COLUMN revision_id INTEGER'
               ' CONSTRAINT fk_clinic_fact_revision_id REFERENCES revision (id)')
    for statement in [*triggers.create(engine, TABLES), *brought(triggers.create)]:
        op.execute(statement)


def one_of(column, words):
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def reason_given(actions):
    return f"action NOT IN ({actions}) OR (reason_code IS NOT NULL AND reason_text <> '')"


def change_check(table, name, former, new):
    """Put one condition in the place of another, without copying the table.

    On SQLite by the procedure that its manual gives for a change of a CHECK ("ALTER TABLE", section 7): the stored text
    of the table is rewritten, and the rows are held against it.
    """
    connection = op.get_bind()
    if connection.dialect.name == 'postgresql':
        op.drop_constraint(op.f(name), table, type_='check')
        op.create_check_constraint(op.f(name), table, new)
        return
    text = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {'name': table})
    if former not in text:
        raise SystemExit(f'The table {table} does not have the CHECK {name} as revision 0004 left it.')
    version = connection.scalar(sa.text('PRAGMA schema_version'))
    connection.execute(sa.text('PRAGMA writable_schema = ON'))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
        {'sql': text.replace(former, new), 'name': table},
    )
    connection.execute(sa.text(f'PRAGMA schema_version = {version + 1}'))
    connection.execute(sa.text('PRAGMA writable_schema = RESET'))
    found = connection.scalars(sa.text(f"PRAGMA quick_check('{table}')")).all()
    if found != ['ok']:
        raise SystemExit(f'The rows of {table} do not hold {name}: {found[0]}.')


def make_indexes_of_clinics():
    op.create_index('ix_clinic_state_name_key', 'clinic', ['state', 'name_key'], unique=False)
    op.create_index('ix_clinic_postal_code', 'clinic', ['postal_code'], unique=False)
    for column in ('phone', 'npi'):
        is_given = sa.text(f'{column} IS NOT NULL')
        op.create_index(f'ix_clinic_{column}', 'clinic', [column], unique=False, sqlite_where=is_given, postgresql_where=is_given)


def make_revisions():
    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('base', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_by_id', sa.Integer(), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claim_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(claimed_at IS NULL) = (claim_until IS NULL) AND (claim_until IS NULL OR claim_until > claimed_at)", name=op.f('ck_revision_claim_whole')),
    sa.CheckConstraint("(claimed_by_id IS NULL) = (claimed_at IS NULL)", name=op.f('ck_revision_claim_begun')),
    sa.CheckConstraint("(kind = 'merge') = (target_id IS NOT NULL)", name=op.f('ck_revision_target_given')),
    sa.CheckConstraint("(kind IN ('new', 'edit', 'move')) = (fields <> '{}')", name=op.f('ck_revision_fields_given')),
    sa.CheckConstraint("claimed_by_id IS NULL OR status IN ('submitted', 'approved_once')", name=op.f('ck_revision_claim_while_waiting')),
    sa.CheckConstraint("kind IN ('new', 'edit', 'move', 'close', 'reopen', 'merge')", name=op.f('ck_revision_kind')),
    sa.CheckConstraint('length(base) <= 10000', name=op.f('ck_revision_base_length')),
    sa.CheckConstraint('length(fields) <= 10000', name=op.f('ck_revision_fields_length')),
    sa.CheckConstraint('length(idempotency_key) BETWEEN 1 AND 64', name=op.f('ck_revision_idempotency_key_length')),
    sa.CheckConstraint('length(source) <= 200', name=op.f('ck_revision_source_length')),
    sa.CheckConstraint('length(source_url) <= 500', name=op.f('ck_revision_source_url_length')),
    sa.CheckConstraint('length(words) <= 1000', name=op.f('ck_revision_words_length')),
    sa.CheckConstraint("source <> '' AND words <> ''", name=op.f('ck_revision_source_given')),
    sa.CheckConstraint("source_url = '' OR source_url LIKE 'http://%' OR source_url LIKE 'https://%'", name=op.f('ck_revision_source_url_web')),
    sa.CheckConstraint("status IN ('submitted', 'approved_once', 'changes_requested', 'approved', 'declined', 'withdrawn')", name=op.f('ck_revision_status')),
    sa.CheckConstraint('target_id IS NULL OR target_id <> clinic_id', name=op.f('ck_revision_target_another')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_revision_version_counts')),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_revision_author_id')),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['account.id'], name=op.f('fk_revision_claimed_by_id')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_revision_clinic_id')),
    sa.ForeignKeyConstraint(['target_id'], ['clinic.id'], name=op.f('fk_revision_target_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision')),
    sa.UniqueConstraint('author_id', 'idempotency_key', name=op.f('uq_revision_author_id_idempotency_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_revision_public_id'))
    )
    waiting = sa.text("status = 'submitted' OR status = 'approved_once'")
    is_open = sa.text("status = 'submitted' OR status = 'approved_once' OR status = 'changes_requested'")
    op.create_index('ix_revision_clinic_id_status', 'revision', ['clinic_id', 'status'], unique=False)
    op.create_index('ix_revision_waiting', 'revision', ['submitted_at', 'id'], unique=False, sqlite_where=waiting, postgresql_where=waiting)
    op.create_index('uq_revision_open', 'revision', ['author_id', 'clinic_id'], unique=True, sqlite_where=is_open, postgresql_where=is_open)


def make_decisions():
    op.create_table('listing_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('from_status', sa.String(length=20), nullable=True),
    sa.Column('to_status', sa.String(length=20), nullable=True),
    sa.Column('seen_version', sa.Integer(), nullable=True),
    sa.Column('listing_from', sa.String(length=20), nullable=False),
    sa.Column('listing_to', sa.String(length=20), nullable=False),
    sa.Column('reason_code', sa.String(length=30), nullable=True),
    sa.Column('reason_text', sa.Text(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(action = 'hide') = (until IS NOT NULL)", name=op.f('ck_listing_decision_until_given')),
    sa.CheckConstraint("(revision_id IS NULL) = (action IN ('hide', 'unhide'))", name=op.f('ck_listing_decision_about_one_thing')),
    sa.CheckConstraint("(revision_id IS NULL) = (from_status IS NULL) AND (revision_id IS NULL) = (to_status IS NULL) AND (revision_id IS NULL) = (seen_version IS NULL)", name=op.f('ck_listing_decision_transition_whole')),
    sa.CheckConstraint("action IN ('submit', 'withdraw', 'request_changes', 'decline', 'approve_once', 'approve', 'hide', 'unhide')", name=op.f('ck_listing_decision_action')),
    sa.CheckConstraint("action NOT IN ('decline', 'request_changes', 'hide') OR (reason_code IS NOT NULL AND reason_text <> '')", name=op.f('ck_listing_decision_reason_given')),
    sa.CheckConstraint("from_status IN ('', 'submitted', 'approved_once', 'changes_requested', 'approved', 'declined', 'withdrawn')", name=op.f('ck_listing_decision_from_status')),
    sa.CheckConstraint('length(reason_text) <= 1000', name=op.f('ck_listing_decision_reason_text_length')),
    sa.CheckConstraint("listing_from IN ('proposed', 'published', 'closed', 'merged', 'hidden', 'declined', 'withdrawn')", name=op.f('ck_listing_decision_listing_from')),
    sa.CheckConstraint("listing_to IN ('proposed', 'published', 'closed', 'merged', 'hidden', 'declined', 'withdrawn')", name=op.f('ck_listing_decision_listing_to')),
    sa.CheckConstraint("reason_code IN ('no_source', 'source_not_supporting', 'duplicate', 'no_ketamine', 'other_clinic', 'undisclosed_tie', 'personal_data', 'abusive', 'legal_request')", name=op.f('ck_listing_decision_reason_code')),
    sa.CheckConstraint("to_status IN ('submitted', 'approved_once', 'changes_requested', 'approved', 'declined', 'withdrawn')", name=op.f('ck_listing_decision_to_status')),
    sa.ForeignKeyConstraint(['actor_id'], ['account.id'], name=op.f('fk_listing_decision_actor_id')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_listing_decision_clinic_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_listing_decision_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing_decision')),
    sa.UniqueConstraint('public_id', name=op.f('uq_listing_decision_public_id'))
    )
    op.create_index('ix_listing_decision_action_id', 'listing_decision', ['action', 'id'], unique=False)
    op.create_index('ix_listing_decision_clinic_id', 'listing_decision', ['clinic_id'], unique=False)
    op.create_index('uq_listing_decision_revision_id_seen_version', 'listing_decision', ['revision_id', 'seen_version'], unique=True)


def brought(made):
    """Return what `made` (create or drop) writes for the triggers that this revision brings."""
    tables = {trigger.table for trigger in triggers.TRIGGERS if trigger.name in BROUGHT}
    others = {trigger.name for trigger in triggers.TRIGGERS} - set(BROUGHT)
    return made(op.get_bind().dialect.name, tables, without=others)


def downgrade():
    connection = op.get_bind()
    # Said before anything is undone: an older version knows no such listing and no such decision.
    for table, _, column, _, new in WIDENED:
        if connection.scalar(sa.text(f'SELECT count(*) FROM {table} WHERE {one_of(column, new)}')):
            raise SystemExit(f'There are rows of {table} that an older version does not know. Keep this version.')
    for statement in [*brought(triggers.drop), *triggers.drop(connection.dialect.name, TABLES)]:
        op.execute(statement)
    op.execute('ALTER TABLE clinic_fact DROP COLUMN revision_id')
    for name in ('ix_clinic_successor_id', 'ix_clinic_state_name_key', 'ix_clinic_postal_code', 'ix_clinic_phone', 'ix_clinic_npi'):
        op.drop_index(name, 'clinic')
    op.execute('ALTER TABLE clinic DROP COLUMN successor_id')
    for table in reversed(TABLES):
        op.drop_table(table)
    change_check('decision', 'ck_decision_reason_given', *map(reason_given, reversed(WITH_REASON)))
    for table, name, column, former, new in WIDENED:
        change_check(table, name, one_of(column, (*former, *new)), one_of(column, former))
