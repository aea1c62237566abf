"""index=True and unique=True on columns

Revision ID: ct04
Revises: ct03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ct04"
down_revision = "ct03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), primary_key=True, index=True),
        sa.Column("indexed", sa.Integer(), index=True),
        sa.Column("unique_column", sa.String(5), unique=True),
        sa.Column("both", sa.String(5), index=True, unique=True),
        sa.Column("neither", sa.String(5), index=False, unique=False),
        sa.Column("Mixed Case", sa.Integer(), index=True),
    )
    op.create_table(
        "with_index_objects",
        sa.Column("a", sa.Integer()),
        sa.Column("b", sa.Integer()),
        sa.Index("with_index_objects_ab", "a", "b", unique=True),
        sa.Index(None, "b"),
    )


def downgrade() -> None:
    op.drop_table("with_index_objects")
    op.drop_table("flags")
