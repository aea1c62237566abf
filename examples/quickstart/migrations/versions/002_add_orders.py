"""Add orders

Revision ID: 002_add_orders
Revises: 001_add_users
Create Date: 2025-01-20 09:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "002_add_orders"
down_revision = "001_add_users"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("total", sa.Numeric(10, 2), nullable=False, server_default="0.00"),
        sa.Column("paid", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.CheckConstraint("total >= 0", name="ck_orders_total_positive"),
    )
    op.create_index("ix_orders_user_id", "orders", ["user_id"])


def downgrade() -> None:
    op.drop_index("ix_orders_user_id", table_name="orders")
    op.drop_table("orders")
