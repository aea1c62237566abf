"""Names of PostgreSQL that SQLite takes as they are

Revision ID: ts03
Revises: ts02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ts03"
down_revision = "ts02"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "postgresql_names",
        sa.Column("timestamp", sa.TIMESTAMP(timezone=True)),
        sa.Column("enum", postgresql.ENUM("a", "bb", "ccc", name="letters")),
        sa.Column("generic_enum", sa.Enum("a", "bb", "ccc", name="letters_generic")),
    )


def downgrade():
    op.drop_table("postgresql_names")
