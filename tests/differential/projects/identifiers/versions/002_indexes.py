"""Indexes with odd names

Revision ID: id02
Revises: id01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "id02"
down_revision = "id01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("Ix Odd", "User Accounts", ["with space", "select"], unique=True)
    op.create_index("index", "order", ["end"])
    op.create_index(op.f("ix_User Accounts_100%"), "User Accounts", ["100%"])
    op.create_index('ix"quote', "User Accounts", ['with"quote', "größe"])


def downgrade() -> None:
    op.drop_index('ix"quote', table_name="User Accounts")
    op.drop_index(op.f("ix_User Accounts_100%"), table_name="User Accounts")
    op.drop_index("index", table_name="order")
    op.drop_index("Ix Odd", "User Accounts")
