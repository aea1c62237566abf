"""Items with proper indexes

Revision ID: 001_items
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "001_items"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("users", sa.Column("id", sa.Integer(), nullable=False), sa.Column("email", sa.String(100), nullable=False),
                    sa.PrimaryKeyConstraint("id", name="pk_users"))
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False, comment="Item name"),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False, server_default="0.00", comment="Item price"),
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default="true", comment="Whether item is active"),
        sa.Column("is_deleted", sa.Boolean(), nullable=False, server_default="false"),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.String(length=50)), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
    )
    op.create_index("ix_items_user_id", "items", ["user_id"], unique=False)
    op.create_index("ix_items_user_created", "items", ["user_id", "created_at"], unique=False)
    op.execute("""
        CREATE INDEX ix_items_active ON items (user_id, created_at)
        WHERE is_active = true AND is_deleted = false
    """)
    op.create_foreign_key("fk_items_user_id", "items", "users", ["user_id"], ["id"], ondelete="CASCADE")
    op.create_check_constraint("ck_items_price_positive", "items", "price >= 0")


def downgrade() -> None:
    op.drop_table("items")
    op.drop_table("users")
