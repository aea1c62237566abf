"""Uuid and Double

Revision ID: tm01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import uuid

import sqlalchemy as sa
from alembic import op

revision = "tm01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "modern",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("text_uuid", sa.Uuid(as_uuid=False)),
        sa.Column("char_uuid", sa.Uuid(native_uuid=False)),
        sa.Column("both", sa.Uuid(as_uuid=False, native_uuid=False)),
        sa.Column("double", sa.Double()),
        sa.Column("double_precision", sa.Double(53)),
        sa.Column("double_decimal", sa.Double(precision=53, asdecimal=True, decimal_return_scale=4)),
        sa.Column("upper_double_precision", sa.DOUBLE_PRECISION()),
        sa.Column("upper_precision", sa.DOUBLE_PRECISION(precision=None, asdecimal=False, decimal_return_scale=2)),
        sa.Column("upper_uuid", sa.UUID(), server_default=None),
        sa.Column("upper_uuid_text", sa.UUID(as_uuid=False)),
        sa.Column("insert_default", sa.Integer(), insert_default=5),
    )
    op.bulk_insert(
        table,
        [
            {
                "id": uuid.UUID("12345678-1234-5678-1234-567812345678"),
                "text_uuid": "12345678-1234-5678-1234-567812345679",
                "char_uuid": uuid.UUID(int=5),
                "both": "00000000-0000-0000-0000-00000000000a",
                "double": 1.25,
                "upper_uuid": uuid.UUID("{87654321-1234-5678-1234-567812345678}"),
                "upper_uuid_text": "abcdef00-1234-5678-1234-567812345678",
            },
        ],
    )


def downgrade() -> None:
    op.drop_table("modern")
