"""Computed columns

Revision ID: st02
Revises: st01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "st02"
down_revision = "st01"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("computed", sa.Column("a", sa.Integer()), sa.Column("virtual", sa.Integer(), sa.Computed("a * 2")),
                    sa.Column("virtual_too", sa.Integer(), sa.Computed("a * 3", persisted=False)),
                    sa.Column("stored", sa.Integer(), sa.Computed(sa.text("a * 4"), persisted=True), nullable=False))
    op.execute("INSERT INTO computed (a) VALUES (1), (5)")
    op.add_column("computed", sa.Column("later", sa.Integer(), sa.Computed("a + 1")))
    with op.batch_alter_table("computed", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("later_too", sa.Integer(), sa.Computed("a + 2", persisted=False)))
        batch_op.drop_column("virtual_too")


def downgrade():
    op.drop_table("computed")
