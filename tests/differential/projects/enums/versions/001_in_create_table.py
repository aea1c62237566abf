"""Enums in create_table

Revision ID: en01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import enum

import sqlalchemy as sa
from alembic import op

revision = "en01"
down_revision = None
branch_labels = None
depends_on = None


class Colour(enum.Enum):
    red = 1
    green = 2
    blue = "b"


class Size(str, enum.Enum):
    SMALL = "small"
    LARGE = "large"


def upgrade() -> None:
    op.create_table(
        "shirts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("status", sa.Enum("new", "sold", "it's gone", name="shirt_status"), nullable=False, server_default="new"),
        sa.Column("colour", sa.Enum(Colour)),
        sa.Column("size", sa.Enum(Size, values_callable=lambda members: [member.value for member in members], name="sizes")),
        sa.Column("not_native", sa.Enum("a", "bbb", "cc", native_enum=False)),
        sa.Column("not_native_check", sa.Enum("a", "b", name="letters_check", native_enum=False, create_constraint=True)),
        sa.Column("not_native_length", sa.Enum("a", "b", native_enum=False, length=40)),
        sa.Column("validated", sa.Enum("x", "y", name="validated", validate_strings=True)),
        sa.Column("constrained", sa.Enum("p", "q", name="constrained", create_constraint=True)),
    )
    op.execute("INSERT INTO shirts (id, status, colour, size) VALUES (1, 'sold', 'red', 'small')")
    op.execute("INSERT INTO shirts (id, colour, not_native) VALUES (2, 'blue', 'bbb')")


def downgrade() -> None:
    op.drop_table("shirts")
    for name in ("shirt_status", "colour", "sizes", "validated", "constrained"):
        sa.Enum(name=name).drop(op.get_bind(), checkfirst=False)
