"""What comes after an approval: votes to make void, wishes to take back; a confirmation names how the clinic was told."""

import sqlalchemy as sa
from alembic import op

from directory.models import triggers

revision = '0006'
down_revision = '0005'

#: Triggers on tables of 0002 that look into a table or a column of this one, or hold what reviews could not do before.
BROUGHT = ('decision_void_by_two', 'decision_as_wished', 'decision_lapse_in_time', 'ruling_after_notice')
#: New tables whose triggers come with them, in the order in which they are made.
TABLES = ('void_vote', 'wish')
#: What can be done with a review is written into all of their triggers.
ON_REVIEWS = ('review', 'decision')


def upgrade():
    engine = op.get_bind().dialect.name
    make_votes()
    make_wishes()
    op.execute('ALTER TABLE ruling ADD COLUMN notice_id INTEGER'
               ' CONSTRAINT fk_ruling_notice_id REFERENCES notice (id)')
    for statement in triggers.drop(engine, ON_REVIEWS, without=BROUGHT):
        op.execute(statement)
    for statement in [*triggers.create(engine, (*ON_REVIEWS, *TABLES)), *on_rulings(triggers.create)]:
        op.execute(statement)


def make_votes():
    op.create_table('void_vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason_code', sa.String(length=30), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("reason_code IN ('no_evidence', 'evidence_not_supporting', 'not_about_this_clinic', 'personal_data', 'staff_named_unneeded', 'undisclosed_tie', 'paid_or_rewarded', 'duplicate', 'outside_rubric', 'abusive', 'copied_text')", name=op.f('ck_void_vote_reason_code')),
    sa.CheckConstraint("words <> ''", name=op.f('ck_void_vote_words_given')),
    sa.CheckConstraint('length(words) <= 1000', name=op.f('ck_void_vote_words_length')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_void_vote_by_id')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_void_vote_review_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_void_vote')),
    sa.UniqueConstraint('review_id', 'by_id', name=op.f('uq_void_vote_review_id_by_id'))
    )


def make_wishes():
    op.create_table('wish',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(words) <= 1000', name=op.f('ck_wish_words_length')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_wish_by_id')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_wish_review_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish'))
    )
    is_open = sa.text('ended_at IS NULL')
    op.create_index('uq_wish_open', 'wish', ['review_id'], unique=True, sqlite_where=is_open, postgresql_where=is_open)


def on_rulings(made):
    """Return what `made` (create or drop) writes for the trigger on rulings that this revision brings."""
    others = {trigger.name for trigger in triggers.TRIGGERS} - set(BROUGHT)
    return made(op.get_bind().dialect.name, ['ruling'], without=others)


def downgrade():
    engine = op.get_bind().dialect.name
    for statement in [*on_rulings(triggers.drop), *triggers.drop(engine, (*ON_REVIEWS, *TABLES))]:
        op.execute(statement)
    op.execute('ALTER TABLE ruling DROP COLUMN notice_id')
    for table in reversed(TABLES):
        op.drop_table(table)
    # They let through what only this version does; the CHECKs of revision 0005 do not, once it is undone.
    for statement in triggers.create(engine, ON_REVIEWS, without=BROUGHT):
        op.execute(statement)
