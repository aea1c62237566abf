"""A key added in a batch

Revision ID: il02
Revises: il01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "il02"
down_revision = "il01"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("keyless", sa.Column("value", sa.Integer()))
    with op.batch_alter_table("keyless") as batch_op:
        batch_op.add_column(sa.Column("id", sa.BigInteger(), primary_key=True), inline_primary_key=True)
    op.create_table("keyless_too", sa.Column("value", sa.Integer()))
    op.add_column("keyless_too", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("keyless_too")
    op.drop_table("keyless")
