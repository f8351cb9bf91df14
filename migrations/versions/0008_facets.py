"""What a clinic says of psychotherapy, insurance and prices; and all that searches are narrowed by in one number."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'

FIELDS = ('name', 'address', 'phone', 'website', 'contact_email', 'npi', 'organisation', 'routes', 'settings', 'conditions', 'point')
NEW_FIELDS = ('psychotherapy', 'insurance', 'payment_help', 'accepts', 'price')
#: One rule a column: SQLite then adds and drops it in place.
COLUMNS = (
    *((name, 'INTEGER NOT NULL', f'ck_clinic_{name}', f'{name} >= 0') for name in NEW_FIELDS[:4]),
    ('price_min', 'INTEGER', 'ck_clinic_price_min', 'price_min > 0'),
    ('price_max', 'INTEGER', 'ck_clinic_price_whole',
     '(price_min IS NULL) = (price_max IS NULL) AND (price_min IS NULL OR price_min <= price_max)'),
    ('facets', 'BIGINT NOT NULL', 'ck_clinic_facets', 'facets >= 0'),
)
#: Where the bits of the first three masks stand, as domain.facets has them.
PACKED = 'CAST(routes AS bigint) | (CAST(settings AS bigint) << 8) | (CAST(conditions AS bigint) << 16)'


def upgrade():
    change_check(one_of(FIELDS), one_of((*FIELDS, *NEW_FIELDS)))
    for name, kind, rule, condition in COLUMNS:
        default = " DEFAULT '0'" if kind.endswith('NOT NULL') else ''
        op.execute(f'ALTER TABLE clinic ADD COLUMN {name} {kind}{default} CONSTRAINT {rule} CHECK ({condition})')
    op.execute(f'UPDATE clinic SET facets = {PACKED}')
    make_index('facets')


def make_index(narrowed_by):
    """Make the index of searches by distance anew; a search is narrowed inside it."""
    op.drop_index('ix_clinic_nearby', 'clinic')
    columns = ['cell', 'x', 'y', 'z', narrowed_by, 'settled', 'confirmed_points', 'score_low', 'id', 'status']
    published = sa.text("status = 'published'")
    op.create_index('ix_clinic_nearby', 'clinic', columns, unique=False, sqlite_where=published, postgresql_where=published)


def one_of(words):
    return f"field IN ({', '.join(repr(word) for word in words)})"


def change_check(former, new):
    """Let other words through as the field of a fact, without copying the table.

    On SQLite by the procedure that its manual gives for a change of a CHECK ("ALTER TABLE", section 7): the stored text
    of the table is rewritten, and the rows are held against it.
    """
    connection = op.get_bind()
    if connection.dialect.name == 'postgresql':
        op.drop_constraint(op.f('ck_clinic_fact_field'), 'clinic_fact', type_='check')
        op.create_check_constraint(op.f('ck_clinic_fact_field'), 'clinic_fact', new)
        return
    text = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'clinic_fact'"))
    if former not in text:
        raise SystemExit('The table clinic_fact does not have the CHECK that revision 0001 gave it.')
    version = connection.scalar(sa.text('PRAGMA schema_version'))
    connection.execute(sa.text('PRAGMA writable_schema = ON'))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'clinic_fact'"),
        {'sql': text.replace(former, new)},
    )
    connection.execute(sa.text(f'PRAGMA schema_version = {version + 1}'))
    connection.execute(sa.text('PRAGMA writable_schema = RESET'))
    found = connection.scalars(sa.text("PRAGMA quick_check('clinic_fact')")).all()
    if found != ['ok']:
        raise SystemExit(f'The rows of clinic_fact do not hold the new CHECK: {found[0]}.')


def downgrade():
    connection = op.get_bind()
    # Said before anything is undone: an older version knows no such fact.
    if connection.scalar(sa.text(f'SELECT count(*) FROM clinic_fact WHERE {one_of(NEW_FIELDS)}')):
        raise SystemExit('There are facts of clinics that an older version does not know. Keep this version.')
    make_index('routes')
    for name, *_ in reversed(COLUMNS):
        op.execute(f'ALTER TABLE clinic DROP COLUMN {name}')
    change_check(one_of((*FIELDS, *NEW_FIELDS)), one_of(FIELDS))
