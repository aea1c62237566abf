"""drop_constraint

Revision ID: ip02
Revises: ip01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ip02"
down_revision = "ip01"
branch_labels = None
depends_on = None


def upgrade():
    op.create_unique_constraint("t_a", "t", ["a"])
    op.drop_constraint("zzz", "t", type_="unique", if_exists=True)


def downgrade():
    op.drop_constraint("t_a", "t", type_="unique", if_exists=True)
    op.drop_constraint("t_a", "t", if_exists=True)
