"""On the first

Revision ID: gb_first2
Revises: gb_first
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gb_first2"
down_revision = "gb_first"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("first2", sa.Column("id", sa.Integer(), sa.ForeignKey("first1.id")))


def downgrade():
    op.drop_table("first2")
