"""Other statements that refuse transactions

Revision ID: ip103
Revises: ip102
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ip103"
down_revision = "ip102"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TYPE step AS ENUM ('one')")
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE step ADD VALUE IF NOT EXISTS 'two'")
        op.execute("ALTER TYPE step ADD VALUE 'zero' BEFORE 'one'")
        op.execute("VACUUM d")
    op.execute("ALTER TABLE d ADD COLUMN step step DEFAULT 'two'")


def downgrade():
    op.drop_column("d", "step")
    op.execute("DROP TYPE step")
