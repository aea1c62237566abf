"""table_kwargs with sqlite_autoincrement

Revision ID: bn01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bn01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.String(10)))
    op.execute("INSERT INTO t VALUES (1, 'x'), (2, 'y')")
    with op.batch_alter_table("t", recreate="always", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("c", sa.Integer(), server_default="1"))


def downgrade():
    op.drop_table("t")
