"""After the merge

Revision ID: gm_after
Revises: gm_merge
Create Date: 2025-02-06 10:06:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "gm_after"
down_revision = "gm_merge"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("after", sa.Column("id", sa.Integer()))


def downgrade():
    op.drop_table("after")
