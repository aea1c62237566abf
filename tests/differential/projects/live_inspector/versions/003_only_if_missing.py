"""Only if missing

Revision ID: linspect03
Revises: linspect02
Create Date: 2025-03-01 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "linspect03"
down_revision = "linspect02"
branch_labels = None
depends_on = None


def has_column(table, column):
    return any(c["name"] == column for c in sa.inspect(op.get_bind()).get_columns(table))


def upgrade():
    if not has_column("users", "nick"):
        op.add_column("users", sa.Column("nick", sa.String(20)))
    if not has_column("users", "title"):
        op.add_column("users", sa.Column("title", sa.String(20)))


def downgrade():
    if has_column("users", "title"):
        op.drop_column("users", "title")
