"""Ranges

Revision ID: tp04
Revises: tp03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tp04"
down_revision = "tp03"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "ranges",
        sa.Column("date", postgresql.DATERANGE()),
        sa.Column("int4", postgresql.INT4RANGE(), server_default="[1,5)"),
        sa.Column("int8", postgresql.INT8RANGE()),
        sa.Column("num", postgresql.NUMRANGE()),
        sa.Column("ts", postgresql.TSRANGE()),
        sa.Column("tstz", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("array", postgresql.ARRAY(postgresql.INT4RANGE())),
    )
    op.execute("INSERT INTO ranges (tstz) VALUES ('[2024-01-01 00:00+00,)')")


def downgrade():
    op.drop_table("ranges")
