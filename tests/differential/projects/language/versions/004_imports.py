"""Imports that are not used, or only for annotations

Revision ID: la04
Revises: la03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy
import sqlalchemy as sa
import sqlalchemy as sqla
import sqlalchemy.dialects.postgresql as pg
from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, String, Table, func, text
from sqlalchemy.dialects import mysql, oracle, postgresql  # noqa: F401
from sqlalchemy.engine.reflection import Inspector  # noqa: F401
from sqlalchemy.schema import CheckConstraint, UniqueConstraint
from sqlalchemy.sql import column, table
from sqlalchemy.types import Boolean as Bool

revision = "la04"
down_revision = "la03"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "imported",
        Column("id", Integer, primary_key=True),
        Column("name", String(10), server_default=text("'x'")),
        Column("stamp", sqlalchemy.DateTime(), server_default=func.current_timestamp()),
        Column("flag", Bool()),
        Column("parent", Integer(), ForeignKey("imported.id")),
        Column("json", sqla.JSON().with_variant(pg.JSONB(), "postgresql")),
        UniqueConstraint("name"),
        CheckConstraint("id > 0"),
    )
    imported = table("imported", column("id"), column("name"))
    op.bulk_insert(imported, [dict(id=1, name="a"), dict(id=2, name="b")])
    op.execute("UPDATE imported SET stamp = NULL")


def downgrade():
    op.drop_table("imported")
