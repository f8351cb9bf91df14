"""What moderators work with: leases, holds against brigades, proposals to link accounts, fingerprints of words."""

import sqlalchemy as sa
from alembic import op

from directory.models import triggers

revision = '0004'
down_revision = '0003'

#: Triggers on tables of 0002 and 0003 that look into a table or a column of this one.
BROUGHT = ('decision_while_held', 'review_claim_own_work', 'review_claim_tied')
#: New tables whose triggers come with them, in the order in which they are made.
TABLES = ('hold', 'link_proposal', 'notice')
#: Triggers on them that a later revision brings.
LATER = tuple(guard.name for guard in triggers.ON_MERGED)


def upgrade():
    lease_reviews()
    make_holds()
    make_proposals()
    make_notices()
    op.create_index('ix_decision_action_id', 'decision', ['action', 'id'], unique=False)
    op.add_column('evidence', sa.Column('fingerprint', sa.String(length=64), nullable=True))
    op.create_index('ix_evidence_fingerprint', 'evidence', ['fingerprint'], unique=False)
    for statement in [*triggers.create(op.get_bind().dialect.name, TABLES, without=LATER), *brought(triggers.create)]:
        op.execute(statement)


# Column by column, each with one rule: SQLite then adds and drops them in place, the last first.
def lease_reviews():
    moment = sa.DateTime(timezone=True).compile(op.get_bind().dialect)
    for name, kind, rule, check in (
        ('claimed_by_id', 'INTEGER CONSTRAINT fk_review_claimed_by_id REFERENCES account (id)', 'claim_while_waiting',
         "claimed_by_id IS NULL OR status = 'submitted'"),
        ('claimed_at', moment, 'claim_begun', '(claimed_by_id IS NULL) = (claimed_at IS NULL)'),
        ('claim_until', moment, 'claim_whole',
         '(claimed_at IS NULL) = (claim_until IS NULL) AND (claim_until IS NULL OR claim_until > claimed_at)'),
    ):
        op.execute(f'ALTER TABLE review ADD COLUMN {name} {kind} CONSTRAINT ck_review_{rule} CHECK ({check})')
    waiting = sa.text("status = 'submitted'")
    op.create_index('ix_review_waiting', 'review', ['submitted_at', 'id'], unique=False, sqlite_where=waiting, postgresql_where=waiting)


def make_holds():
    op.create_table('hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('why', sa.String(length=10), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_words', sa.Text(), nullable=False),
    sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (ended_words = '')", name=op.f('ck_hold_end_whole')),
    sa.CheckConstraint("(why = 'burst') = (by_id IS NULL) AND (why = 'burst') = (words = '')", name=op.f('ck_hold_why_whole')),
    sa.CheckConstraint("why IN ('burst', 'moderator')", name=op.f('ck_hold_why')),
    sa.CheckConstraint('length(ended_words) <= 1000', name=op.f('ck_hold_ended_words_length')),
    sa.CheckConstraint('length(words) <= 1000', name=op.f('ck_hold_words_length')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_hold_by_id')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_hold_clinic_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_hold_ended_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    op.create_index('ix_hold_clinic_id', 'hold', ['clinic_id', 'until'], unique=False)


def make_proposals():
    op.create_table('link_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("words <> ''", name=op.f('ck_link_proposal_words_given')),
    sa.CheckConstraint('account_id < other_id', name=op.f('ck_link_proposal_in_order')),
    sa.CheckConstraint('length(words) <= 1000', name=op.f('ck_link_proposal_words_length')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_link_proposal_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_link_proposal_by_id')),
    sa.ForeignKeyConstraint(['other_id'], ['account.id'], name=op.f('fk_link_proposal_other_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_proposal')),
    sa.UniqueConstraint('by_id', 'account_id', 'other_id', name=op.f('uq_link_proposal_by_id_account_id_other_id'))
    )


def make_notices():
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.Column('checklist_version', sa.String(length=20), nullable=False),
    sa.Column('criterion', sa.String(length=60), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.Column('how', sa.String(length=10), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("how = 'mail' OR words <> ''", name=op.f('ck_notice_words_given')),
    sa.CheckConstraint("how IN ('mail', 'phone', 'letter', 'in_person')", name=op.f('ck_notice_how')),
    sa.CheckConstraint('length(words) <= 1000', name=op.f('ck_notice_words_length')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_notice_by_id')),
    sa.ForeignKeyConstraint(['checklist_version', 'criterion'], ['criterion.version', 'criterion.slug'], name=op.f('fk_notice_checklist_version_criterion')),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_notice_clinic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    op.create_index('ix_notice_clinic_id_criterion', 'notice', ['clinic_id', 'criterion'], unique=False)


def brought(made):
    """Return what `made` (create or drop) writes for the triggers that this revision brings."""
    tables = {trigger.table for trigger in triggers.TRIGGERS if trigger.name in BROUGHT}
    others = {trigger.name for trigger in triggers.TRIGGERS} - set(BROUGHT)
    return made(op.get_bind().dialect.name, tables, without=others)


def downgrade():
    for statement in [*brought(triggers.drop), *triggers.drop(op.get_bind().dialect.name, TABLES, without=LATER)]:
        op.execute(statement)
    op.drop_index('ix_decision_action_id', 'decision')
    op.drop_index('ix_review_waiting', 'review')
    for name in ('claim_until', 'claimed_at', 'claimed_by_id'):
        op.execute(f'ALTER TABLE review DROP COLUMN {name}')
    op.drop_index('ix_evidence_fingerprint', 'evidence')
    op.drop_column('evidence', 'fingerprint')
    for table in reversed(TABLES):
        op.drop_table(table)
