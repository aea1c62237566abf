"""Tables that refer to the one that is rebuilt, and to themselves

Revision ID: bs05
Revises: bs04
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bs05"
down_revision = "bs04"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("node", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("parent_id", sa.Integer()),
                    sa.Column("name", sa.String(10)),
                    sa.ForeignKeyConstraint(["parent_id"], ["node.id"], name="node_parent"))
    op.create_table("leaf", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("node_id", sa.Integer(), sa.ForeignKey("node.id", name="leaf_node", ondelete="CASCADE")))
    op.execute("INSERT INTO node VALUES (1, NULL, 'root'), (2, 1, 'child')")
    op.execute("INSERT INTO leaf VALUES (1, 2), (2, 1)")
    with op.batch_alter_table("node") as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(10), type_=sa.String(20), nullable=False)
    with op.batch_alter_table("leaf", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("note", sa.Text()))
    with op.batch_alter_table("node") as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(20), new_column_name="title")


def downgrade():
    op.drop_table("leaf")
    op.drop_table("node")
