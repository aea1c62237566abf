"""Pattern 1, second step: backfill, then make it required

Revision ID: 003_require_phone
Revises: 002_add_phone
Create Date: 2025-02-08 10:00:00.000000
"""

from alembic import op

revision = "003_require_phone"
down_revision = "002_add_phone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE users SET phone = '' WHERE phone IS NULL")
    op.alter_column("users", "phone", nullable=False)


def downgrade() -> None:
    op.alter_column("users", "phone", nullable=True)
