"""What ADD COLUMN takes, and when a batch rebuilds instead

Revision ID: st03
Revises: st02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "st03"
down_revision = "st02"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO t VALUES (1)")
    op.add_column("t", sa.Column("n", sa.Text(), nullable=False, server_default="x"))
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("f", sa.Boolean(), server_default=sa.text("(1 = 1)"), nullable=False))
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("s", sa.DateTime(), server_default=sa.text("CURRENT_TIMESTAMP")))
    op.execute("UPDATE t SET s = NULL")
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("i", sa.Integer(), index=True))


def downgrade():
    op.drop_table("t")
