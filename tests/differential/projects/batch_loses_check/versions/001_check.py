"""Unnamed checks

Revision ID: bk01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bk01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("checks", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer(), sa.CheckConstraint("n > 1")),
                    sa.CheckConstraint("n < 100"), sa.CheckConstraint("n <> 50", name="kept"))
    with op.batch_alter_table("checks", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer()))


def downgrade():
    op.drop_table("checks")
