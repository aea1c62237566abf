"""Comments in batches

Revision ID: ba08
Revises: ba07
Create Date: 2025-02-08 10:08:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba08"
down_revision = "ba07"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("parent") as batch_op:
        batch_op.create_table_comment("about parents", existing_comment=None)
        batch_op.alter_column("name", existing_type=sa.String(30), comment="a parent's name", existing_comment=None)
        batch_op.add_column(sa.Column("noted", sa.Integer(), comment="a note"))
    with op.batch_alter_table("child") as batch_op:
        batch_op.create_table_comment(comment="temporary")
        batch_op.drop_table_comment(existing_comment="temporary")


def downgrade():
    with op.batch_alter_table("parent") as batch_op:
        batch_op.drop_column("noted")
        batch_op.alter_column("name", existing_type=sa.String(30), comment=None, existing_comment="a parent's name")
        batch_op.drop_table_comment(existing_comment="about parents")
