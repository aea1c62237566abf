"""create_index

Revision ID: ix01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ix01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()),
                    sa.Column("b", sa.String(20)), sa.Column("c", sa.Integer()), sa.Column("active", sa.Boolean()))
    op.create_index("t_a", "t", ["a"])
    op.create_index("t_ab", "t", ["a", "b"], unique=True)
    op.create_index(op.f("ix_t_b"), "t", ["b"], unique=False)
    op.create_index(index_name="t_c", table_name="t", columns=["c"], schema=None, unique=False)
    op.create_index("t_tuple", "t", ("c", "b"))
    op.create_index("t_lower", "t", [sa.text("lower(b)")])
    op.create_index("t_func", "t", [sa.func.upper(sa.column("b")), "a"], unique=True)
    op.create_index("t_desc", "t", [sa.text("a DESC"), "c"])
    op.create_index("t_desc_column", "t", [sa.column("c").desc(), sa.desc("a")])
    op.create_index("t_literal_column", "t", [sa.literal_column("(a + c)"), sa.literal_column("b")])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("t_nulls", "t", [sa.text("a ASC NULLS LAST"), sa.text("c DESC NULLS FIRST")])
        op.create_index("t_nulls_column", "t", [sa.column("a").desc().nulls_last(), sa.nulls_first(sa.column("c").asc())])
    op.create_index("t_mysql", "t", ["b"], mysql_length=10, mysql_prefix="FULLTEXT", mysql_using="hash")


def downgrade():
    op.drop_index("t_mysql", table_name="t", mysql_length=10)
    if op.get_bind().engine.name != "sqlite":
        op.drop_index("t_nulls")
    op.drop_index("t_literal_column", "t")
    op.drop_index(index_name="t_desc_column", table_name="t", schema=None)
    op.drop_index("t_desc", table_name="t")
    op.drop_index("t_func", table_name="t")
    op.drop_index(op.f("ix_t_b"), table_name="t")
    op.drop_table("t")
