"""add_column, drop_column, alter_column

Revision ID: ba02
Revises: ba01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba02"
down_revision = "ba01"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("child") as batch_op:
        batch_op.add_column(sa.Column("added", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("added_default", sa.String(5), nullable=False, server_default="new"))
        batch_op.alter_column("code", existing_type=sa.String(10), type_=sa.String(20), existing_nullable=False,
                              existing_server_default="c")
        batch_op.alter_column("amount", existing_type=sa.Numeric(10, 2), server_default="0.25")
        batch_op.alter_column("parent_id", existing_type=sa.Integer(), new_column_name="owner_id")
        batch_op.drop_column("created")


def downgrade():
    with op.batch_alter_table("child") as batch_op:
        batch_op.add_column(sa.Column("created", sa.DateTime()))
        batch_op.alter_column("owner_id", existing_type=sa.Integer(), new_column_name="parent_id")
        batch_op.alter_column("amount", existing_type=sa.Numeric(10, 2), server_default=sa.text("0.5"))
        batch_op.alter_column("code", existing_type=sa.String(20), type_=sa.String(10), existing_nullable=False)
        batch_op.drop_column("added_default")
        batch_op.drop_column("added")
