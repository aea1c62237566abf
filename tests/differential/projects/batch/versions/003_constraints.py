"""Constraints created and dropped

Revision ID: ba03
Revises: ba02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba03"
down_revision = "ba02"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("child") as batch_op:
        batch_op.drop_constraint("child_code_parent", type_="unique")
        batch_op.drop_constraint("child_amount", type_="check")
        batch_op.drop_constraint("child_parent", type_="foreignkey")
        batch_op.create_unique_constraint("child_added", ["added", "code"])
        batch_op.create_check_constraint("child_added_positive", "added > 0")
        batch_op.create_check_constraint("child_expression", sa.column("added") < 1000)
        batch_op.create_foreign_key("child_parent_new", "parent", ["owner_id"], ["id"], ondelete="SET NULL", onupdate="CASCADE")


def downgrade():
    with op.batch_alter_table("child") as batch_op:
        batch_op.drop_constraint("child_parent_new", type_="foreignkey")
        batch_op.drop_constraint("child_expression", type_="check")
        batch_op.drop_constraint("child_added_positive", "check")
        batch_op.drop_constraint(constraint_name="child_added", type_="unique")
        batch_op.create_foreign_key("child_parent", "parent", ["owner_id"], ["id"], ondelete="CASCADE")
        batch_op.create_check_constraint("child_amount", "amount >= 0")
        batch_op.create_unique_constraint("child_code_parent", ["code", "owner_id"])
