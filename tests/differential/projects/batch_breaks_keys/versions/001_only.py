"""A key column renamed

Revision ID: bb01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bb01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("node", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("parent_id", sa.Integer()),
                    sa.ForeignKeyConstraint(["parent_id"], ["node.id"], name="node_parent"))
    op.create_table("leaf", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("node_id", sa.Integer(), sa.ForeignKey("node.id", name="leaf_node", ondelete="CASCADE")))
    op.execute("INSERT INTO node VALUES (1, NULL), (2, 1)")
    op.execute("INSERT INTO leaf VALUES (1, 2), (2, 1)")
    with op.batch_alter_table("node") as batch_op:
        batch_op.alter_column("id", existing_type=sa.Integer(), new_column_name="node_id")


def downgrade():
    op.drop_table("leaf")
    op.drop_table("node")
