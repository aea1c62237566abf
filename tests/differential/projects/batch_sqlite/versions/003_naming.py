"""Unnamed constraints named by a convention, then dropped

Revision ID: bs03
Revises: bs02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bs03"
down_revision = "bs02"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("unnamed", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("x", sa.Integer()),
                    sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id")), sa.UniqueConstraint("x"))
    op.execute("INSERT INTO unnamed VALUES (1, 1, NULL)")
    convention = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
    with op.batch_alter_table("unnamed", naming_convention=convention) as batch_op:
        batch_op.drop_constraint("fk_unnamed_parent_id_parent", type_="foreignkey")
    with op.batch_alter_table("unnamed", naming_convention=convention) as batch_op:
        batch_op.drop_constraint("uq_unnamed_x", type_="unique")
        batch_op.create_unique_constraint("uq_unnamed_both", ["x", "parent_id"])


def downgrade():
    op.drop_table("unnamed")
    op.drop_table("parent")
