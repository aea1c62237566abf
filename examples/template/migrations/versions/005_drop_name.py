"""Pattern 2, after the code was updated: drop the old column

Revision ID: 005_drop_name
Revises: 004_add_full_name
Create Date: 2025-03-01 10:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "005_drop_name"
down_revision = "004_add_full_name"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("users", "name")


def downgrade() -> None:
    op.add_column("users", sa.Column("name", sa.String(100), nullable=True))
    op.execute("UPDATE users SET name = full_name")
    op.alter_column("users", "name", nullable=False)
