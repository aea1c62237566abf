"""Pattern 1: add a column, nullable first

Revision ID: 002_add_phone
Revises: 001_add_example_table
Create Date: 2025-02-01 10:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "002_add_phone"
down_revision = "001_add_example_table"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("phone", sa.String(20), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "phone")
