"""First base

Revision ID: gb_first
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gb_first"
down_revision = None
branch_labels = "first"
depends_on = None


def upgrade():
    op.create_table("first1", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("first1")
