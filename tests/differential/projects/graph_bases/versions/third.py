"""A third base that depends on both

Revision ID: gb_third
Revises:
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gb_third"
down_revision = None
branch_labels = None
depends_on = ("gb_first2", "gb_second2")


def upgrade():
    op.create_table("third", sa.Column("id", sa.Integer(), sa.ForeignKey("first1.id")))


def downgrade():
    op.drop_table("third")
