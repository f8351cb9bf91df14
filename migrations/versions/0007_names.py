"""The words by which clinics are found without a place, for those that are there too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from directory.services import name_index

revision = '0007'
down_revision = '0006'

#: Sorted by code point on both engines, for the words that begin as typed are a range.
WORD = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
CLINICS = sa.table('clinic', sa.column('id'), sa.column('name'), sa.column('city'))
CHUNK = 1000


def upgrade():
    op.create_table('name_word',
    sa.Column('word', WORD, nullable=False),
    sa.Column('clinic_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_name_word_clinic_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('word', 'clinic_id', name=op.f('pk_name_word'))
    )
    op.create_index(op.f('ix_name_word_clinic_id'), 'name_word', ['clinic_id'], unique=False)
    op.create_table('near_spelling',
    sa.Column('key', WORD, nullable=False),
    sa.Column('word', WORD, nullable=False),
    sa.PrimaryKeyConstraint('key', 'word', name=op.f('pk_near_spelling'))
    )
    keep_names()


def keep_names():
    """Write the words of the clinics that are there, a thousand at a time."""
    session = Session(op.get_bind())
    last = 0
    while rows := session.execute(
        sa.select(CLINICS).where(CLINICS.c.id > last).order_by(CLINICS.c.id).limit(CHUNK)
    ).all():
        name_index.keep(session, {row.id: name_index.Named(row.name, row.city) for row in rows}, are_new=True)
        last = rows[-1].id
    session.flush()


def downgrade():
    op.drop_table('near_spelling')
    op.drop_index(op.f('ix_name_word_clinic_id'), table_name='name_word')
    op.drop_table('name_word')
