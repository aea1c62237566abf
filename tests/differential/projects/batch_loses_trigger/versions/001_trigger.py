"""A rebuild of a table that has a trigger

Revision ID: bt01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bt01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("watched", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()))
    op.create_table("log", sa.Column("n", sa.Integer()))
    op.execute("CREATE TRIGGER watch AFTER INSERT ON watched BEGIN INSERT INTO log VALUES (new.n); END")
    op.execute("INSERT INTO watched VALUES (1, 10)")
    with op.batch_alter_table("watched") as batch_op:
        batch_op.alter_column("n", existing_type=sa.Integer(), type_=sa.BigInteger())
    op.execute("INSERT INTO watched VALUES (2, 20)")


def downgrade():
    op.drop_table("log")
    op.drop_table("watched")
