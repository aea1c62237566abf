"""Generic types

Revision ID: tg01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "tg01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "generic",
        sa.Column("big_integer", sa.BigInteger()),
        sa.Column("boolean", sa.Boolean()),
        sa.Column("boolean_constraint", sa.Boolean(create_constraint=True, name="boolean_check")),
        sa.Column("date", sa.Date()),
        sa.Column("date_time", sa.DateTime()),
        sa.Column("date_time_zone", sa.DateTime(timezone=True)),
        sa.Column("float", sa.Float()),
        sa.Column("float_precision", sa.Float(precision=24)),
        sa.Column("float_precision_53", sa.Float(53)),
        sa.Column("float_decimal", sa.Float(asdecimal=True, decimal_return_scale=3)),
        sa.Column("integer", sa.Integer()),
        sa.Column("interval", sa.Interval()),
        sa.Column("interval_precision", sa.Interval(native=True, second_precision=3, day_precision=4)),
        sa.Column("interval_not_native", sa.Interval(native=False)),
        sa.Column("json", sa.JSON()),
        sa.Column("json_null", sa.JSON(none_as_null=True)),
        sa.Column("large_binary", sa.LargeBinary()),
        sa.Column("large_binary_length", sa.LargeBinary(length=100)),
        sa.Column("numeric", sa.Numeric()),
        sa.Column("numeric_precision", sa.Numeric(precision=10)),
        sa.Column("numeric_scale", sa.Numeric(precision=10, scale=2)),
        sa.Column("numeric_positional", sa.Numeric(8, 0)),
        sa.Column("numeric_float", sa.Numeric(8, 2, asdecimal=False, decimal_return_scale=1)),
        sa.Column("pickle", sa.PickleType()),
        sa.Column("pickle_protocol", sa.PickleType(protocol=2, pickler=None, comparator=None)),
        sa.Column("small_integer", sa.SmallInteger()),
        sa.Column("string", sa.String()),
        sa.Column("string_length", sa.String(length=5)),
        sa.Column("text", sa.Text()),
        sa.Column("time", sa.Time()),
        sa.Column("time_zone", sa.Time(timezone=True)),
        sa.Column("unicode", sa.Unicode()),
        sa.Column("unicode_length", sa.Unicode(length=7)),
        sa.Column("unicode_text", sa.UnicodeText()),
    )


def downgrade():
    op.drop_table("generic")
