"""Pattern 7: add a table with relationships

Revision ID: 012_order_items
Revises: 011_age_to_bigint
Create Date: 2025-03-25 10:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "012_order_items"
down_revision = "011_age_to_bigint"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Create related table
    op.create_table(
        "order_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(10, 2), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    # Add indexes
    op.create_index("ix_order_items_order_id", "order_items", ["order_id"])
    op.create_index("ix_order_items_product_id", "order_items", ["product_id"])
    # Add foreign keys
    op.create_foreign_key(
        "fk_order_items_order_id",
        "order_items", "orders",
        ["order_id"], ["id"],
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        "fk_order_items_product_id",
        "order_items", "products",
        ["product_id"], ["id"],
        ondelete="RESTRICT",
    )


def downgrade() -> None:
    op.drop_table("order_items")
