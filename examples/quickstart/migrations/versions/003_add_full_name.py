"""Add users.full_name and fill it

Revision ID: 003_add_full_name
Revises: 002_add_orders
Create Date: 2025-02-03 14:12:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "003_add_full_name"
down_revision = "002_add_orders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(200), nullable=True))
    op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")


def downgrade() -> None:
    op.drop_column("users", "full_name")
