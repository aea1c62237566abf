"""Pattern 4: migrate data

Revision ID: 007_complete_to_completed
Revises: 006_index_email_concurrently
Create Date: 2025-03-10 10:00:00.000000
"""

from alembic import op

revision = "007_complete_to_completed"
down_revision = "006_index_email_concurrently"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Migrate old status values to new format
    op.execute(
        """
        UPDATE orders
        SET status = 'completed'
        WHERE status = 'complete'
        """
    )


def downgrade() -> None:
    op.execute("UPDATE orders SET status = 'complete' WHERE status = 'completed'")
