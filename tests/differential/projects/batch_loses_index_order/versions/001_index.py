"""DESC

Revision ID: bd01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bd01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("ordered", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("at", sa.Integer()))
    op.execute("CREATE INDEX ordered_at ON ordered (at DESC)")
    with op.batch_alter_table("ordered", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer()))


def downgrade():
    op.drop_table("ordered")
