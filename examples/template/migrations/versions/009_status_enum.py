"""Pattern 5: add an enum type

Revision ID: 009_status_enum
Revises: 008_retire_text_status
Create Date: 2025-03-15 10:00:00.000000
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "009_status_enum"
down_revision = "008_retire_text_status"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Create enum type
    order_status = postgresql.ENUM(
        "pending", "processing", "completed", "cancelled",
        name="order_status",
        create_type=True,
    )
    order_status.create(op.get_bind())
    # Add column using enum
    op.add_column(
        "orders",
        sa.Column("status", order_status, nullable=False, server_default="pending"),
    )
    op.execute("UPDATE orders SET status = 'completed' WHERE old_status = 'completed'")


def downgrade() -> None:
    op.drop_column("orders", "status")
    op.execute("DROP TYPE order_status")
