"""deferrable keys, constraint comments that never arrive

Revision ID: xm02
Revises: xm01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xm02"
down_revision = "xm01"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "n",
        sa.Column("a", sa.Integer()),
        sa.Column("b", sa.Integer(), sa.ForeignKey("m.a", comment="kept in Python", info={"x": 1})),
        sa.PrimaryKeyConstraint("a", name="n_pk", deferrable=True, initially="DEFERRED", info={}),
        sa.UniqueConstraint("b", name="n_b", deferrable=True, initially="IMMEDIATE", info={}),
        sa.CheckConstraint("a > 0", name="n_a", info={"y": 2}, deferrable=None, initially=None),
        sa.ForeignKeyConstraint(["a"], ["m.a"], name="n_m", comment="kept too", info={}, deferrable=True),
    )


def downgrade():
    op.drop_table("n")
    op.drop_constraint("never_there", "m", if_exists=True)
    op.drop_constraint("nor_this", "m", type_="check", schema="public", if_exists=True)
