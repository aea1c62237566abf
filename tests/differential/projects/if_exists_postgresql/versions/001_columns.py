"""Columns

Revision ID: ip01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ip01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()))
    op.add_column("t", sa.Column("a", sa.Text()), if_not_exists=True)
    op.add_column("t", sa.Column("b", sa.Text(), nullable=False, server_default="x"), if_not_exists=True)
    op.add_column("t", sa.Column("c", sa.Text()), if_not_exists=False, schema="public")
    op.drop_column("t", "zzz", if_exists=True)
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("d", sa.Integer()), if_not_exists=True)
        batch_op.drop_column("zzz", if_exists=True)


def downgrade():
    op.drop_column("t", "d", if_exists=True)
    op.drop_column("t", "c", if_exists=False)
    op.drop_constraint("zzz", "t", if_exists=True)
    op.drop_table("t")
