"""Pattern 2: rename a column by adding, copying, and dropping later

Revision ID: 004_add_full_name
Revises: 003_require_phone
Create Date: 2025-02-15 10:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "004_add_full_name"
down_revision = "003_require_phone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Add new column
    op.add_column("users", sa.Column("full_name", sa.String(100), nullable=True))
    # Copy data
    op.execute("UPDATE users SET full_name = name")
    # Make non-nullable
    op.alter_column("users", "full_name", nullable=False)


def downgrade() -> None:
    op.drop_column("users", "full_name")
