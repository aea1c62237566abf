"""The tables that the template takes for granted

Revision ID: 000_users_and_orders
Revises:
Create Date: 2025-01-10 09:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "000_users_and_orders"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("age", sa.String(10), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
    )
    op.bulk_insert(
        sa.table("users", sa.column("name", sa.String), sa.column("email", sa.String), sa.column("age", sa.String)),
        [
            {"name": "Ada Lovelace", "email": "ada@example.org", "age": "36"},
            {"name": "Grace Hopper", "email": "grace@example.org", "age": None},
        ],
    )
    op.execute("INSERT INTO orders (status) VALUES ('complete'), ('pending')")


def downgrade() -> None:
    op.drop_table("products")
    op.drop_table("orders")
    op.drop_table("users")
