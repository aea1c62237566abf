"""Computed with :x

Revision ID: cc01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "cc01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("computed", sa.Column("a", sa.Integer()),
                    sa.Column("c", sa.Text(), sa.Computed(sqltext="a::text || ':x'", persisted=True)))
    op.execute("INSERT INTO computed (a) VALUES (3)")


def downgrade():
    op.drop_table("computed")
