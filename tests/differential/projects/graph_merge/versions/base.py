"""The base

Revision ID: gm_base
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gm_base"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("base", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("base")
