"""Tables and indexes

Revision ID: ie01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ie01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), if_not_exists=True)
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("other", sa.Integer()), if_not_exists=True)
    op.create_table("u", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text(), index=True),
                    if_not_exists=False)
    op.create_index("t_id", "t", ["id"], if_not_exists=True)
    op.create_index("t_id", "t", ["id"], unique=True, if_not_exists=True)
    op.drop_table("never_there", if_exists=True)
    op.drop_index("never_there", table_name="t", if_exists=True)
    op.drop_index("never_there_either", if_exists=True)


def downgrade():
    op.drop_index("t_id", table_name="t", if_exists=True)
    op.drop_index("t_id", if_exists=True, schema=None)
    op.drop_table("u", if_exists=True)
    op.drop_table("u", if_exists=True, schema=None)
    op.drop_table("t", if_exists=False)
