"""Second, depends on the first

Revision ID: gb_second2
Revises: gb_second
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gb_second2"
down_revision = "gb_second"
branch_labels = None
depends_on = "gb_first"


def upgrade():
    op.create_table("second2", sa.Column("id", sa.Integer(), sa.ForeignKey("first1.id")))


def downgrade():
    op.drop_table("second2")
