"""Collations and lengths of PostgreSQL's own

Revision ID: tp05
Revises: tp04
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tp05"
down_revision = "tp04"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "collations",
        sa.Column("varchar", postgresql.VARCHAR(length=5, collation="C")),
        sa.Column("text", postgresql.TEXT(collation="POSIX")),
        sa.Column("char", postgresql.CHAR(length=3, collation="C")),
        sa.Column("upper", sa.String(collation="ucs_basic")),
        sa.Column("numeric", postgresql.NUMERIC(asdecimal=False, decimal_return_scale=2)),
        sa.Column("float", postgresql.FLOAT(asdecimal=True, decimal_return_scale=2)),
        sa.Column("real", postgresql.REAL(precision=5, asdecimal=True, decimal_return_scale=2)),
        sa.Column("double", postgresql.DOUBLE_PRECISION(asdecimal=True, decimal_return_scale=2)),
        sa.Column("boolean", postgresql.BOOLEAN(create_constraint=True, name="is_boolean")),
    )


def downgrade():
    op.drop_table("collations")
