"""Add example table with proper indexes

Revision ID: 001_add_example_table
Revises: 000_users_and_orders
Create Date: 2025-01-15 10:30:00.000000
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "001_add_example_table"
down_revision = "000_users_and_orders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """
    Apply migration: Create example_items table.

    This table stores user-created items with proper indexing for common queries.
    """
    op.create_table(
        "example_items",
        # Primary key
        sa.Column("id", sa.Integer(), nullable=False),
        # Foreign keys (always indexed)
        sa.Column("user_id", sa.Integer(), nullable=False),
        # String columns
        sa.Column("name", sa.String(length=100), nullable=False, comment="Item name"),
        sa.Column("description", sa.String(length=500), nullable=True, comment="Optional item description"),
        # Numeric columns
        sa.Column(
            "price",
            sa.Numeric(precision=10, scale=2),  # e.g., 99999999.99
            nullable=False,
            server_default="0.00",
            comment="Item price",
        ),
        sa.Column("quantity", sa.Integer(), nullable=False, server_default="0", comment="Available quantity"),
        # Boolean columns
        sa.Column(
            "is_active",
            sa.Boolean(),
            nullable=False,
            server_default="true",
            comment="Whether item is currently active",
        ),
        # Soft delete
        sa.Column("is_deleted", sa.Boolean(), nullable=False, server_default="false", comment="Soft delete flag"),
        sa.Column("deleted_at", sa.DateTime(), nullable=True, comment="When item was deleted"),
        # JSON data (use JSONB for better performance)
        sa.Column(
            "metadata",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Additional metadata",
        ),
        # Array column (PostgreSQL-specific)
        sa.Column("tags", postgresql.ARRAY(sa.String(length=50)), nullable=True, comment="Item tags"),
        # Timestamps (always include these)
        sa.Column(
            "created_at",
            sa.DateTime(),
            nullable=False,
            server_default=sa.text("now()"),
            comment="Record creation timestamp",
        ),
        sa.Column("updated_at", sa.DateTime(), nullable=True, comment="Record last update timestamp"),
        # Primary key constraint
        sa.PrimaryKeyConstraint("id", name="pk_example_items"),
    )

    # Primary key index (created automatically, but shown for reference)
    op.create_index("ix_example_items_id", "example_items", ["id"], unique=False)
    # Foreign key index (ALWAYS index foreign keys)
    op.create_index("ix_example_items_user_id", "example_items", ["user_id"], unique=False)
    # Frequently filtered columns
    op.create_index("ix_example_items_is_active", "example_items", ["is_active"], unique=False)
    op.create_index("ix_example_items_is_deleted", "example_items", ["is_deleted"], unique=False)
    # Timestamp index (for ordering by creation date)
    op.create_index("ix_example_items_created_at", "example_items", ["created_at"], unique=False)
    # Composite indexes for common queries
    op.create_index("idx_example_items_user_active", "example_items", ["user_id", "is_active"], unique=False)
    op.create_index("idx_example_items_user_created", "example_items", ["user_id", "created_at"], unique=False)
    # Partial index (only index active, non-deleted items): PostgreSQL-specific
    op.execute("""
        CREATE INDEX idx_example_items_active_not_deleted
        ON example_items (user_id, created_at)
        WHERE is_active = true AND is_deleted = false
    """)

    op.create_foreign_key(
        "fk_example_items_user_id",  # Constraint name
        "example_items",  # Source table
        "users",  # Target table
        ["user_id"],  # Source column
        ["id"],  # Target column
        ondelete="CASCADE",  # Delete items when user is deleted
    )

    # Check constraint: price must be positive
    op.create_check_constraint("ck_example_items_price_positive", "example_items", "price >= 0")
    # Check constraint: quantity must be non-negative
    op.create_check_constraint("ck_example_items_quantity_positive", "example_items", "quantity >= 0")


def downgrade() -> None:
    """Rollback migration: Drop example_items table."""
    # Indexes and constraints go with the table.
    op.drop_table("example_items")
