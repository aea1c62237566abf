"""Values

Revision ID: ltypes01
Revises: 
Create Date: 2025-03-01 10:01:00.000000

"""
import datetime
import decimal

import sqlalchemy as sa
from alembic import op

revision = "ltypes01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("samples", sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Boolean),
                    sa.Column("f", sa.Float), sa.Column("n", sa.Numeric(10, 2)), sa.Column("txt", sa.Text),
                    sa.Column("d", sa.Date), sa.Column("ts", sa.DateTime), sa.Column("j", sa.JSON),
                    sa.Column("bin", sa.LargeBinary), sa.Column("big", sa.BigInteger), sa.Column("tm", sa.Time))
    samples = sa.table("samples", sa.column("id", sa.Integer), sa.column("b", sa.Boolean), sa.column("f", sa.Float),
                       sa.column("n", sa.Numeric(10, 2)), sa.column("txt", sa.Text), sa.column("d", sa.Date),
                       sa.column("ts", sa.DateTime), sa.column("j", sa.JSON), sa.column("bin", sa.LargeBinary),
                       sa.column("big", sa.BigInteger), sa.column("tm", sa.Time))
    op.bulk_insert(samples, [
        {"id": 1, "b": True, "f": 1.5, "n": decimal.Decimal("12.34"), "txt": "it's \"quoted\" \\ and ü",
         "d": datetime.date(2024, 2, 29), "ts": datetime.datetime(2024, 2, 29, 12, 30, 15, 250000),
         "j": {"a": [1, 2.5, None, True], "b": {"c": "ü"}}, "bin": b"\x00\x01\xff", "big": 9007199254740993,
         "tm": datetime.time(8, 15)},
        {"id": 2, "b": False, "f": None, "n": None, "txt": "", "d": None, "ts": None, "j": [], "bin": b"", "big": -1, "tm": None},
    ])


def downgrade():
    op.drop_table("samples")
