"""Merge

Revision ID: gm_merge
Revises: gm_left2, gm_right
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gm_merge"
down_revision = ("gm_left2", "gm_right")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
