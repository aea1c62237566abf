"""sqlalchemy.dialects.sqlite

Revision ID: ts02
Revises: ts01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import JSON, TIMESTAMP

revision = "ts02"
down_revision = "ts01"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "dialect",
        sa.Column("blob", sqlite.BLOB()),
        sa.Column("boolean", sqlite.BOOLEAN()),
        sa.Column("char", sqlite.CHAR(2)),
        sa.Column("date", sqlite.DATE()),
        sa.Column("date_format", sqlite.DATE(storage_format="%(year)04d/%(month)02d/%(day)02d", regexp=r"(\d+)/(\d+)/(\d+)")),
        sa.Column("datetime", sqlite.DATETIME()),
        sa.Column("decimal", sqlite.DECIMAL(5, 1)),
        sa.Column("float", sqlite.FLOAT()),
        sa.Column("integer", sqlite.INTEGER()),
        sa.Column("json", sqlite.JSON()),
        sa.Column("json_direct", JSON()),
        sa.Column("numeric", sqlite.NUMERIC(3)),
        sa.Column("real", sqlite.REAL()),
        sa.Column("smallint", sqlite.SMALLINT()),
        sa.Column("text", sqlite.TEXT()),
        sa.Column("time", sqlite.TIME(truncate_microseconds=True)),
        sa.Column("timestamp", TIMESTAMP()),
        sa.Column("varchar", sqlite.VARCHAR(4)),
    )


def downgrade():
    op.drop_table("dialect")
