"""Accounts that sign in, their roles, browsers and ties; drafts of reviews; the outbox."""

import secrets

import sqlalchemy as sa
from alembic import op

from directory.models import triggers

revision = '0003'
down_revision = '0002'

#: Triggers on tables of 0002 that look into a table of this one.
BROUGHT = ('decision_tied', 'decision_tie_declared', 'ruling_tied', 'recheck_tied')
INDEXES = ('uq_account_email_key', 'uq_account_fs_uniquifier')


#: ALTER TABLE, because a new table in the place of `account` would be refused by the keys that lead to it.
def columns():
    return (
        sa.Column('email', sa.Text(), nullable=True),
        sa.Column('email_key', sa.Text(), nullable=True),
        sa.Column('password', sa.Text(), nullable=True),
        sa.Column('active', sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('fs_uniquifier', sa.String(length=64), nullable=True),
        sa.Column('tf_primary_method', sa.String(length=20), nullable=True),
        sa.Column('tf_totp_secret', sa.Text(), nullable=True),
        sa.Column('tf_last_counter', sa.Integer(), nullable=True),
        sa.Column('mf_recovery_codes', sa.UnicodeText(), nullable=True),
    )


def upgrade():
    for column in columns():
        op.add_column('account', column)
    name_sessions()
    op.create_index('uq_account_email_key', 'account', ['email_key'], unique=True)
    op.create_index('uq_account_fs_uniquifier', 'account', ['fs_uniquifier'], unique=True)

    op.create_table('account_role',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("name IN ('moderator', 'administrator')", name=op.f('ck_account_role_name')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_role_account_id')),
    sa.PrimaryKeyConstraint('account_id', 'name', name=op.f('pk_account_role'))
    )
    op.create_table('account_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('browser', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_session_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_session')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_session_public_id')),
    sa.UniqueConstraint('token', name=op.f('uq_account_session_token'))
    )
    op.create_index('ix_account_session_account_id', 'account_session', ['account_id'], unique=False)
    op.create_table('tie',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint("kind IN ('none', 'patient', 'owner', 'employee', 'former_employee', 'competitor', 'paid', 'family', 'litigation')", name=op.f('ck_tie_kind')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_tie_account_id')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_tie_clinic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tie'))
    )
    op.create_index('ix_tie_account_id', 'tie', ['account_id'], unique=False)
    op.create_index('ix_tie_clinic_id', 'tie', ['clinic_id'], unique=False)
    op.create_table('draft',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(fields) <= 1000000', name=op.f('ck_draft_fields_length')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_draft_version_counts')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_draft_review_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('review_id', name=op.f('pk_draft'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(subject) <= 200', name=op.f('ck_outbox_subject_length')),
    sa.CheckConstraint("CASE WHEN sent_at IS NULL AND given_up_at IS NULL THEN recipient <> '' AND body <> '' ELSE recipient = '' AND body = '' END", name=op.f('ck_outbox_erased_when_done')),
    sa.CheckConstraint('sent_at IS NULL OR given_up_at IS NULL', name=op.f('ck_outbox_one_end')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outbox_message_id'))
    )
    waiting = sa.text('sent_at IS NULL AND given_up_at IS NULL')
    op.create_index('ix_outbox_due_at', 'outbox', ['due_at'], unique=False, sqlite_where=waiting, postgresql_where=waiting)
    for statement in [*triggers.create(op.get_bind().dialect.name, ['tie']), *brought(triggers.create)]:
        op.execute(statement)


def name_sessions():
    account = sa.table('account', sa.column('id'), sa.column('fs_uniquifier'))
    connection = op.get_bind()
    for number in connection.execute(sa.select(account.c.id)).scalars().all():
        connection.execute(account.update().where(account.c.id == number).values(fs_uniquifier=secrets.token_urlsafe(32)))


def brought(made):
    """Return what `made` (create or drop) writes for the triggers that this revision brings."""
    tables = {trigger.table for trigger in triggers.TRIGGERS if trigger.name in BROUGHT}
    others = {trigger.name for trigger in triggers.TRIGGERS} - set(BROUGHT)
    return made(op.get_bind().dialect.name, tables, without=others)


def downgrade():
    for statement in [*triggers.drop(op.get_bind().dialect.name, ['tie']), *brought(triggers.drop)]:
        op.execute(statement)
    for table in ('outbox', 'draft', 'tie', 'account_session', 'account_role'):
        op.drop_table(table)
    for index in INDEXES:
        op.drop_index(index, 'account')
    for column in reversed(columns()):
        op.drop_column('account', column.name)
