"""Rows whose keys differ: the first row says which columns

Revision ID: da05
Revises: da04
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "da05"
down_revision = "da04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table("uneven", sa.Column("a", sa.Integer(), primary_key=True), sa.Column("b", sa.Integer(), default=9),
                            sa.Column("c", sa.Text()))
    op.bulk_insert(table, [{"a": 1}, {"a": 2, "b": 3, "c": "dropped"}])
    op.bulk_insert(table, [{"a": 3, "unknown": 1, "c": "known"}])
    op.bulk_insert(table, [{"a": 4}, {"a": 5, "b": 3, "c": "kept"}], multiinsert=False)


def downgrade() -> None:
    op.drop_table("uneven")
