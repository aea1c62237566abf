"""Make room for a status with a type

Revision ID: 008_retire_text_status
Revises: 007_complete_to_completed
Create Date: 2025-03-12 10:00:00.000000
"""

from alembic import op

revision = "008_retire_text_status"
down_revision = "007_complete_to_completed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("orders", "status", new_column_name="old_status")


def downgrade() -> None:
    op.alter_column("orders", "old_status", new_column_name="status")
