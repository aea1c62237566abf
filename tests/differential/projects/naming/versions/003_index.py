"""Indexes without a name

Revision ID: na03
Revises: na02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "na03"
down_revision = "na02"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(None, "users", ["age"])
    op.create_index(op.f("ix_users_by_hand"), "users", ["age", "name"], unique=True)
    op.create_table("three", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.Index(None, "a", "b"))


def downgrade():
    op.drop_table("three")
    op.drop_index(op.f("ix_users_by_hand"), table_name="users")
    op.drop_index("ix_users_age", table_name="users")
