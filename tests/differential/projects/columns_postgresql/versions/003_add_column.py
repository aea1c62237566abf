"""add_column with all that hangs on a column

Revision ID: cp03
Revises: cp02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "cp03"
down_revision = "cp02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("makers", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.String(5), unique=True))
    op.add_column("goods", sa.Column("maker_id", sa.Integer(), sa.ForeignKey("makers.id"), nullable=True))
    op.add_column("goods", sa.Column("maker_code", sa.String(5),
                                     sa.ForeignKey("makers.code", name="goods_maker_code", ondelete="SET NULL",
                                                   onupdate="CASCADE", deferrable=True, initially="DEFERRED")))
    op.add_column("goods", sa.Column("unique_one", sa.Integer(), unique=True))
    op.add_column("goods", sa.Column("indexed", sa.Integer(), index=True))
    op.add_column("goods", sa.Column("unique_indexed", sa.Integer(), index=True, unique=True))
    op.add_column("goods", sa.Column("checked", sa.Integer(), sa.CheckConstraint("checked > 0", name="goods_checked")))
    op.add_column("goods", sa.Column("doubled", sa.Float(), sa.Computed("cost * 2", persisted=True)))
    op.add_column("goods", sa.Column("numbered", sa.Integer(), sa.Identity(always=True, start=10, increment=5)))
    op.add_column("goods", sa.Column("upper", sa.Text(), sa.Computed("upper(title)")), schema="public")
    op.add_column("goods", sa.Column("noted_too", sa.Text(), comment="a 'comment'", nullable=False, server_default=""))


def downgrade() -> None:
    for column in ["noted_too", "upper", "numbered", "doubled", "checked", "unique_indexed", "indexed", "unique_one",
                   "maker_code", "maker_id"]:
        op.drop_column("goods", column, schema="public")
    op.drop_table("makers")
