"""CITEXT, TSQUERY, JSONPATH, REGCONFIG, multiranges

Revision ID: tq01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tq01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS citext")
    op.create_table(
        "modern",
        sa.Column("citext", postgresql.CITEXT()),
        sa.Column("citext_default", postgresql.CITEXT, server_default="X", unique=True),
        sa.Column("tsquery", postgresql.TSQUERY()),
        sa.Column("jsonpath", postgresql.JSONPATH(), server_default="$.a[*]"),
        sa.Column("regconfig", postgresql.REGCONFIG(), server_default=sa.text("'english'::regconfig")),
        sa.Column("int4", postgresql.INT4MULTIRANGE()),
        sa.Column("int8", postgresql.INT8MULTIRANGE()),
        sa.Column("num", postgresql.NUMMULTIRANGE(), server_default="{[1,2),[3,4)}"),
        sa.Column("date", postgresql.DATEMULTIRANGE()),
        sa.Column("ts", postgresql.TSMULTIRANGE()),
        sa.Column("tstz", postgresql.TSTZMULTIRANGE()),
    )


def downgrade() -> None:
    op.drop_table("modern")
    op.execute("DROP EXTENSION citext")
