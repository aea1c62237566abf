"""Second base

Revision ID: gb_second
Revises:
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gb_second"
down_revision = None
branch_labels = ["second"]
depends_on = None


def upgrade():
    op.create_table("second1", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("second1")
