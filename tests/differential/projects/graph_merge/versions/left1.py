"""Left

Revision ID: gm_left
Revises: gm_base
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gm_left"
down_revision = "gm_base"
branch_labels = "left"
depends_on = None


def upgrade():
    op.create_table("left1", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("left1")
