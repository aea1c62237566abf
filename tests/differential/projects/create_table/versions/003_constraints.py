"""Constraints inside create_table

Revision ID: ct03
Revises: ct02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ct03"
down_revision = "ct02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parent",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(10), unique=True),
        sa.Column("tenant", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("tenant", "number", name="parent_tenant_number"),
        sa.UniqueConstraint("number", "code"),
        comment="a table's comment, with 'quotes' and 100%",
    )
    op.create_table(
        "child",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), primary_key=True),
        sa.Column("inline", sa.Integer(), sa.ForeignKey("parent.id"), nullable=False),
        sa.Column("inline_actions", sa.Integer(),
                  sa.ForeignKey("parent.id", name="child_inline_actions", ondelete="CASCADE", onupdate="RESTRICT")),
        sa.Column("inline_deferred", sa.Integer(),
                  sa.ForeignKey("parent.id", deferrable=True, initially="DEFERRED", match="FULL")),
        sa.Column("column_object", sa.Integer(), sa.ForeignKey(column="parent.id", ondelete="SET NULL")),
        sa.Column("tenant", sa.Integer()),
        sa.Column("number", sa.Integer()),
        sa.Column("price", sa.Numeric(10, 2), nullable=False),
        sa.Column("discount", sa.Numeric(10, 2)),
        sa.Column("up_to", sa.Integer()),
        sa.Column("note", sa.String(50), comment="it's a note"),
        sa.CheckConstraint("price >= 0", name="price_positive"),
        sa.CheckConstraint("discount < 100"),
        sa.CheckConstraint("price > discount", name="price_over_discount"),
        sa.CheckConstraint("number % 2 = 0 OR note LIKE 'a%'"),
        sa.CheckConstraint(sa.text("up_to IN (1, 2, 3)"), name="up_to_values"),
        sa.CheckConstraint(sqltext=sa.column("up_to") > 0, name="from_expression"),
        sa.ForeignKeyConstraint(["tenant", "number"], ["parent.tenant", "parent.number"], name="child_parent_pair"),
        sa.ForeignKeyConstraint(("up_to",), ("parent.id",), ondelete="SET DEFAULT", onupdate="CASCADE", match="SIMPLE"),
        sa.ForeignKeyConstraint(columns=["column_object"], refcolumns=["parent.id"], name="child_second",
                                deferrable=True, initially="IMMEDIATE"),
        sa.ForeignKeyConstraint(["inline"], ["parent.id"], deferrable=False, name="not_deferrable"),
        sa.UniqueConstraint("note", name=op.f("uq_child_note")),
        comment="child's",
    )
    op.create_table(
        "tree",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["tree.id"], name="tree_parent", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tree")),
    )


def downgrade() -> None:
    op.drop_table("tree")
    op.drop_table("child")
    op.drop_table("parent")
