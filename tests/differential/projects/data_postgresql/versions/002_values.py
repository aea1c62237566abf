"""Values of PostgreSQL's types

Revision ID: dp02
Revises: dp01
Create Date: 2025-02-02 10:02:00.000000

"""
import datetime
import uuid
from decimal import Decimal

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "dp02"
down_revision = "dp01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "pg_values",
        sa.Column("id", postgresql.UUID(as_uuid=True), primary_key=True),
        sa.Column("text_id", postgresql.UUID(as_uuid=False)),
        sa.Column("document", postgresql.JSONB()),
        sa.Column("json", postgresql.JSON(none_as_null=True)),
        sa.Column("tags", postgresql.ARRAY(sa.String(20))),
        sa.Column("matrix", postgresql.ARRAY(sa.Integer(), dimensions=2)),
        sa.Column("moment", sa.DateTime(timezone=True)),
        sa.Column("bytes", postgresql.BYTEA()),
        sa.Column("interval", postgresql.INTERVAL()),
        sa.Column("address", postgresql.INET()),
        sa.Column("numeric", postgresql.NUMERIC(30, 10)),
    )
    op.bulk_insert(
        table,
        [
            {
                "id": uuid.UUID("11111111-2222-3333-4444-555555555555"), "text_id": "11111111-2222-3333-4444-555555555556",
                "document": {"b": [1, {"c": None}], "a": "it's"}, "json": None, "tags": ["a", "b, c", 'd"e', "NULL", None, ""],
                "matrix": [[1, 2], [3, 4]], "bytes": bytes(range(256)), "interval": datetime.timedelta(days=3, seconds=1),
                "moment": datetime.datetime(2024, 1, 2, 3, 4, 5, 678, tzinfo=datetime.timezone.utc), "address": "10.0.0.1/8",
                "numeric": Decimal("12345678901234567890.0123456789"),
            },
            {
                "id": uuid.UUID(int=7), "text_id": None, "document": None, "json": [1, "two", 3.5, False], "tags": [],
                "matrix": None, "bytes": b"", "interval": datetime.timedelta(hours=-5),
                "moment": datetime.datetime(2024, 7, 1, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
                "address": "::1", "numeric": Decimal("1E+3"),
            },
        ],
    )


def downgrade() -> None:
    op.drop_table("pg_values")
