"""Values of the generic types

Revision ID: tg05
Revises: tg04
Create Date: 2025-02-05 10:05:00.000000

"""
import datetime
import decimal

import sqlalchemy as sa
from alembic import op

revision = "tg05"
down_revision = "tg04"
branch_labels = None
depends_on = None


def upgrade():
    values = op.create_table(
        "values_of_types",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("boolean", sa.Boolean()),
        sa.Column("date", sa.Date()),
        sa.Column("date_time", sa.DateTime()),
        sa.Column("float", sa.Float()),
        sa.Column("interval", sa.Interval()),
        sa.Column("json", sa.JSON()),
        sa.Column("json_null", sa.JSON(none_as_null=True)),
        sa.Column("numeric", sa.Numeric(10, 2)),
        sa.Column("large_binary", sa.LargeBinary()),
        sa.Column("string", sa.String(50)),
        sa.Column("time", sa.Time()),
        sa.Column("big", sa.BigInteger()),
    )
    op.bulk_insert(
        values,
        [
            {
                "id": 1, "boolean": True, "date": datetime.date(2024, 2, 29),
                "date_time": datetime.datetime(2024, 2, 29, 12, 30, 15), "float": 1.5,
                "interval": datetime.timedelta(days=1, hours=2, seconds=3), "json": {"a": [1, 2.5, None, True, "x"]},
                "json_null": None, "numeric": decimal.Decimal("12.30"), "large_binary": b"\x00\x01\xff",
                "string": "it's 100% \"quoted\" : and \\ more", "time": datetime.time(1, 2, 3), "big": 2**62,
            },
            {
                "id": 2, "boolean": False, "date": None, "date_time": datetime.datetime(1999, 12, 31, 23, 59, 59, 123456),
                "float": -0.1, "interval": datetime.timedelta(microseconds=5), "json": None, "json_null": [],
                "numeric": decimal.Decimal("-0.05"), "large_binary": b"", "string": "", "time": datetime.time(23, 59, 59, 9),
                "big": -(2**62),
            },
            {
                "id": 3, "boolean": None, "date": datetime.date(1, 1, 1), "date_time": None, "float": 1e300,
                "interval": datetime.timedelta(days=-1), "json": "text", "json_null": {"ключ": "значение"},
                "numeric": decimal.Decimal("99999999.99"), "large_binary": None, "string": "Größe ☃\n\ttab", "time": None,
                "big": 0,
            },
        ],
    )


def downgrade():
    op.drop_table("values_of_types")
