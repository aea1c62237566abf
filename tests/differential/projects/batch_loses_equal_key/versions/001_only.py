"""Two equal keys

Revision ID: be01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "be01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("two", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()))
    with op.batch_alter_table("two") as batch_op:
        batch_op.create_foreign_key("two_a", "one", ["a"], ["id"], deferrable=True, initially="DEFERRED")
        batch_op.create_foreign_key("two_a_again", "one", ["a"], ["id"], initially="IMMEDIATE", deferrable=True)
    with op.batch_alter_table("two") as batch_op:
        batch_op.alter_column("a", existing_type=sa.Integer(), nullable=False)


def downgrade():
    op.drop_table("two")
    op.drop_table("one")
