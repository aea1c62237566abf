"""Columns in all their spellings

Revision ID: ct01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ct01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uncalled", sa.Integer),
        sa.Column("nullable_true", sa.String(length=20), nullable=True),
        sa.Column("nullable_false", sa.String(20), nullable=False),
        sa.Column(name="by_name", type_=sa.Text()),
        sa.Column("with_key", sa.Integer(), key="other_key"),
        sa.Column("with_doc", sa.Integer(), doc="never reaches the database", info={"a": 1}),
        sa.Column("python_default", sa.Integer(), default=7, onupdate=8),
        sa.Column("quoted", sa.Integer(), quote=True),
        sa.Column("system", sa.Integer(), system=False),
        sa.Column("onupdate_marker", sa.Integer(), server_onupdate=sa.FetchedValue()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table("no_key", sa.Column("only", sa.Integer()))
    op.create_table(
        "two_keys",
        sa.Column("a", sa.Integer(), primary_key=True),
        sa.Column("b", sa.Integer(), primary_key=True),
        sa.Column("c", sa.Integer(), primary_key=True, nullable=False),
    )
    op.create_table(
        "named_key",
        sa.Column("a", sa.String(10)),
        sa.Column("b", sa.String(10)),
        sa.PrimaryKeyConstraint("b", "a", name="named_key_pk"),
    )


def downgrade() -> None:
    op.drop_table("named_key")
    op.drop_table("two_keys")
    op.drop_table(table_name="no_key")
    op.drop_table("plain")
