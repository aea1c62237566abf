"""insert_after

Revision ID: bo01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bo01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("ordered", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False), sa.Column("name", sa.Text()))
    op.execute("INSERT INTO ordered VALUES (1, 'a'), (2, 'b')")
    with op.batch_alter_table("ordered", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer(), server_default="1"), insert_after="id")


def downgrade():
    op.drop_table("ordered")
