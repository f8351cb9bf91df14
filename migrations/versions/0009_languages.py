"""In which language an account is written to."""

from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade():
    # With its one rule: SQLite then adds and drops it in place.
    op.execute(
        "ALTER TABLE account ADD COLUMN language VARCHAR(2) NOT NULL DEFAULT 'en'"
        " CONSTRAINT ck_account_language CHECK (language IN ('en', 'es'))"
    )


def downgrade():
    op.execute('ALTER TABLE account DROP COLUMN language')
