"""bulk_insert in its forms

Revision ID: da01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import datetime
import json
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "da01"
down_revision = None
branch_labels = None
depends_on = None

ROWS = [("one", 1), ("two", 2), ("three", 3)]


def upgrade() -> None:
    table = op.create_table(
        "things",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(50)),
        sa.Column("number", sa.Integer(), default=99),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("ratio", sa.Float()),
        sa.Column("flag", sa.Boolean(), server_default=sa.false()),
        sa.Column("day", sa.Date()),
        sa.Column("moment", sa.DateTime()),
        sa.Column("document", sa.JSON()),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("text", sa.Text()),
    )
    op.bulk_insert(table, [{"name": name, "number": number} for name, number in ROWS])
    op.bulk_insert(table, [{"name": "defaulted", "price": Decimal("1.10"), "ratio": 0.1, "flag": True}])
    op.bulk_insert(table=table, rows=[{"name": "multi", "moment": datetime.datetime(2024, 5, 6, 7, 8, 9)}], multiinsert=True)
    op.bulk_insert(
        table,
        [
            {"name": "single", "day": datetime.date(2024, 5, 6), "document": {"nested": {"list": [1, 2, {"x": None}]}}},
            {"name": "other columns", "number": 5, "raw": b"bytes\x00'"},
        ],
        multiinsert=False,
    )
    op.bulk_insert(table, [])
    light = sa.table("things", sa.column("name", sa.String), sa.column("number", sa.Integer()), sa.column("text"))
    op.bulk_insert(light, [{"name": "light", "number": 7, "text": json.dumps({"a": 1, "b": [True, None, "ü"]}, sort_keys=True)},
                           {"name": "it's \"q\" % :x \\", "number": -7, "text": None}])
    op.bulk_insert(
        light,
        [
            {"name": op.inline_literal("inline"), "number": op.inline_literal(8), "text": op.inline_literal("it's")},
            {"name": op.inline_literal("typed", sa.String()), "number": op.inline_literal(9, type_=sa.Integer()),
             "text": op.inline_literal("100%")},
        ],
        multiinsert=False,
    )
    schemed = sa.table("things", sa.column("id"), sa.column("name"), schema=None)
    op.bulk_insert(schemed, [{"id": 1000 + index, "name": f"n{index}"} for index in range(3)])
    whole = sa.Table("things", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)))
    op.bulk_insert(whole, [{"id": 2000, "name": "whole"}, {"id": 2001, "name": None}])


def downgrade() -> None:
    op.drop_table("things")
