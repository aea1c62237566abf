"""Integer keys and what they become

Revision ID: ct06
Revises: ct05
Create Date: 2025-02-06 10:06:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ct06"
down_revision = "ct05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, column in {
        "auto_plain": sa.Column("id", sa.Integer(), primary_key=True),
        "auto_true": sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        "auto_false": sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        "auto_word": sa.Column("id", sa.Integer(), primary_key=True, autoincrement="auto"),
        "auto_ignore_fk": sa.Column("id", sa.Integer(), sa.ForeignKey("auto_plain.id"), primary_key=True,
                                    autoincrement="ignore_fk"),
        "auto_fk": sa.Column("id", sa.Integer(), sa.ForeignKey("auto_plain.id"), primary_key=True),
        "auto_small": sa.Column("id", sa.SmallInteger(), primary_key=True),
        "auto_big": sa.Column("id", sa.BigInteger(), primary_key=True),
        "auto_big_upper": sa.Column("id", sa.BIGINT(), primary_key=True, autoincrement=True),
        "auto_default": sa.Column("id", sa.Integer(), primary_key=True, server_default="1"),
        "auto_python_default": sa.Column("id", sa.Integer(), primary_key=True, default=1),
        "auto_string": sa.Column("id", sa.String(5), primary_key=True),
        "auto_identity": sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True),
        "auto_variant": sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    }.items():
        op.create_table(name, column, sa.Column("value", sa.Integer()))
    op.create_table(
        "auto_composite",
        sa.Column("a", sa.Integer(), primary_key=True),
        sa.Column("b", sa.Integer(), primary_key=True),
    )
    op.create_table(
        "auto_composite_marked",
        sa.Column("a", sa.Integer(), nullable=False),
        sa.Column("b", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("a", "b"),
    )
    op.create_table("auto_not_key", sa.Column("a", sa.Integer(), autoincrement=True), sa.Column("b", sa.Integer()))


def downgrade() -> None:
    for name in ["auto_not_key", "auto_composite_marked", "auto_composite", "auto_variant", "auto_identity",
                 "auto_string", "auto_python_default", "auto_default", "auto_big_upper", "auto_big", "auto_small",
                 "auto_fk", "auto_ignore_fk", "auto_word", "auto_false", "auto_true", "auto_plain"]:
        op.drop_table(name)
