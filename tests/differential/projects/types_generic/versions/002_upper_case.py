"""Upper-case types that both databases know

Revision ID: tg02
Revises: tg01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "tg02"
down_revision = "tg01"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "upper_case",
        sa.Column("bigint", sa.BIGINT()),
        sa.Column("boolean", sa.BOOLEAN()),
        sa.Column("boolean_constraint", sa.BOOLEAN(create_constraint=True, name=None)),
        sa.Column("char", sa.CHAR()),
        sa.Column("char_length", sa.CHAR(length=3)),
        sa.Column("date", sa.DATE()),
        sa.Column("decimal", sa.DECIMAL()),
        sa.Column("decimal_scale", sa.DECIMAL(precision=6, scale=3)),
        sa.Column("decimal_more", sa.DECIMAL(6, asdecimal=False, decimal_return_scale=1)),
        sa.Column("float", sa.FLOAT()),
        sa.Column("float_precision", sa.FLOAT(precision=10, asdecimal=True, decimal_return_scale=2)),
        sa.Column("int", sa.INT()),
        sa.Column("integer", sa.INTEGER()),
        sa.Column("json", sa.JSON),
        sa.Column("numeric", sa.NUMERIC()),
        sa.Column("numeric_scale", sa.NUMERIC(6, 3)),
        sa.Column("numeric_keywords", sa.NUMERIC(precision=12, scale=4, asdecimal=True, decimal_return_scale=2)),
        sa.Column("real", sa.REAL()),
        sa.Column("real_precision", sa.REAL(precision=5, asdecimal=False, decimal_return_scale=1)),
        sa.Column("smallint", sa.SMALLINT()),
        sa.Column("text", sa.TEXT()),
        sa.Column("time", sa.TIME()),
        sa.Column("time_zone", sa.TIME(timezone=True)),
        sa.Column("timestamp", sa.TIMESTAMP()),
        sa.Column("timestamp_zone", sa.TIMESTAMP(timezone=True)),
        sa.Column("varchar", sa.VARCHAR()),
        sa.Column("varchar_length", sa.VARCHAR(length=13)),
    )


def downgrade():
    op.drop_table("upper_case")
