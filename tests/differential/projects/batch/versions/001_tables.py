"""Tables with data

Revision ID: ba01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "parent",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(30), nullable=False),
        sa.UniqueConstraint("name", name="parent_name"),
    )
    child = op.create_table(
        "child",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(10), server_default="c", nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), server_default=sa.text("0.5")),
        sa.Column("flag", sa.Boolean(), server_default=sa.true()),
        sa.Column("created", sa.DateTime(), server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.ForeignKeyConstraint(["parent_id"], ["parent.id"], name="child_parent", ondelete="CASCADE"),
        sa.UniqueConstraint("code", "parent_id", name="child_code_parent"),
        sa.CheckConstraint("amount >= 0", name="child_amount"),
        sa.PrimaryKeyConstraint("id", name="child_pk"),
    )
    op.create_index("child_code", "child", ["code"])
    op.create_index("child_partial", "child", ["amount"], sqlite_where=sa.text("flag"), postgresql_where=sa.text("flag"))
    op.bulk_insert(sa.table("parent", sa.column("id"), sa.column("name")), [{"id": 1, "name": "p1"}, {"id": 2, "name": "p2"}])
    op.execute("INSERT INTO child (id, parent_id, code, amount, flag, created) VALUES "
               "(1, 1, 'a', 1.5, NULL, '2024-01-01 00:00:00'), (2, 2, 'b''s', 0, NULL, NULL), (7, NULL, 'c', NULL, NULL, NULL)")


def downgrade():
    op.drop_table("child")
    op.drop_table("parent")
