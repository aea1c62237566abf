"""Loops, comprehensions, unpacking

Revision ID: la01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
from __future__ import annotations

from typing import Any, Sequence, Union

import sqlalchemy as sa
from alembic import op

revision = "la01"
down_revision = None
branch_labels = None
depends_on = None

TABLES: dict[str, list[tuple[str, Any]]] = {
    "alpha": [("one", sa.Integer()), ("two", sa.String(10))],
    "beta": [("three", sa.Text), ("four", sa.Boolean)],
}
NAMES = sorted({"z", "y", "x"} | {"w"})
Pair = Union[str, None]


def columns_of(table: str, *extra: sa.Column, suffix: str = "", **flags: bool) -> list[sa.Column]:
    """The columns of a table."""
    columns = [sa.Column("id", sa.Integer(), primary_key=True)]
    columns += [sa.Column(f"{name}{suffix}", kind, nullable=flags.get("nullable", True)) for name, kind in TABLES[table]]
    columns.extend(extra)
    return columns


def upgrade() -> None:
    for table in TABLES:
        op.create_table(table, *columns_of(table, sa.Column("extra", sa.Integer()), suffix="_s"))
    for index, (name, columns) in enumerate(TABLES.items(), start=1):
        first, *rest = columns
        op.create_index(f"ix_{name}_{index:02d}", name, [f"{first[0]}_s", *(f"{column}_s" for column, _ in rest)])
    for number, name in zip(range(10, 0, -3), NAMES):
        if name == "y":
            continue
        if number < 3:
            break
        op.execute(f"INSERT INTO alpha (id, one_s, two_s) VALUES ({number}, {len(name)}, '{name.upper():>4}')")
    else:
        op.execute("INSERT INTO alpha (id) VALUES (1000)")
    count = 0
    while True:
        count += 1
        op.execute("INSERT INTO beta (id, three_s) VALUES (%d, '%s')" % (count, "ab"[count % 2] * count))
        if count >= 4 or not count:
            break
    a, (b, c) = 1, (2, 3)
    a, b = b, a
    op.execute("INSERT INTO beta (id, extra) VALUES ({0}, {1})".format(100 + a, b * c))
    matrix = [[row * column for column in range(3) if column != 1] for row in range(2)]
    flat = [cell for line in matrix for cell in line]
    op.execute(f"INSERT INTO beta (id, extra) VALUES (200, {sum(flat)}), (201, {max(flat)}), (202, {min([5, *flat])})")


def downgrade() -> None:
    for table in reversed(list(TABLES.keys())):
        op.drop_table(table)
