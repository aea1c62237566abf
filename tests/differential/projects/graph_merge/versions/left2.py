"""Left again

Revision ID: gm_left2
Revises: gm_left
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gm_left2"
down_revision = "gm_left"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("left1", sa.Column("more", sa.Integer()))


def downgrade():
    op.drop_column("left1", "more")
