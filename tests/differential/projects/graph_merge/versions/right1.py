"""Right

Revision ID: gm_right
Revises: gm_base
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gm_right"
down_revision = "gm_base"
branch_labels = ("right", "starboard")
depends_on = None


def upgrade():
    op.create_table("right1", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("right1")
