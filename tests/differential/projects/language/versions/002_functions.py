"""Helper functions, lambdas, keyword arguments, constants

Revision ID: la02
Revises: la01
Create Date: 2025-02-02 10:02:00.000000

"""
import json
import os
import re
import textwrap
from functools import partial
from types import SimpleNamespace

import sqlalchemy as sa
from alembic import op

revision = "la02"
down_revision = "la01"
branch_labels = None
depends_on = None

DEFAULT = {"theme": "dark", "size": [1, 2, 3], "nested": {"on": True, "off": None}}
PREFIX = "lang" + "_"
LIMIT = 2 ** 4 // 3
MESSAGE = ("one "
           "two"
           f" {LIMIT!r} {1.5:.2f} {'x':*^5}")


def timestamps(nullable=False, *, names=("created_at", "updated_at")):
    return tuple(sa.Column(name, sa.DateTime(), nullable=nullable, server_default=sa.func.current_timestamp()) for name in names)


def insert(table, /, **values):
    names = ", ".join(values)
    literals = ", ".join(str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'" for value in values.values())
    op.execute(f"INSERT INTO {table} ({names}) VALUES ({literals})")


def factorial(n: int) -> int:
    return 1 if n <= 1 else n * factorial(n - 1)


def upgrade() -> None:
    name = lambda part, sep="": PREFIX + sep + part  # noqa: E731
    op.create_table(
        name("settings"),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("json", sa.JSON(), server_default=json.dumps(DEFAULT)),
        sa.Column("text", sa.Text(), server_default=sa.text("'%s'" % json.dumps([1, 2]))),
        sa.Column("message", sa.String(LIMIT * 10), server_default=MESSAGE),
        *timestamps(nullable=True, names=["made_at"]),
        **({"comment": "a comment"} if PREFIX.startswith("lang") else {}),
    )
    options = dict(nullable=True)
    options["server_default"] = "x"
    op.add_column(name("settings"), sa.Column("optional", sa.String(5), **options))
    insert(PREFIX + "settings", id=factorial(5), message="it's", made_at="2024-01-01")
    insert("lang_settings", id=2, message=re.sub(r"[aeiou]", "_", "vowels away"), made_at="2024-01-02")
    insert("lang_settings", id=3, message=textwrap.dedent("""
        two lines
          indented""").strip().title(), made_at="2024-01-03")
    insert("lang_settings", id=4, message=os.environ.get("A_VARIABLE_THAT_NOBODY_SETS", "fallback"), made_at="2024-01-04")
    words = "b,a,,c".split(",")
    words.sort(reverse=True)
    insert("lang_settings", id=5, message="|".join(word or "-" for word in words) + str(len(words)), made_at="2024-01-05")
    data = json.loads('{"list": [1, {"deep": "value"}], "float": 1e2}')
    insert("lang_settings", id=6, message=data["list"][-1]["deep"][1:-1] + str(data.get("float")), made_at="2024-01-06")
    insert("lang_settings", id=7, message="%s-%05.1f-%x-%%" % ("s", 3.14159, 255), made_at="2024-01-07")
    insert("lang_settings", id=8, message="{:>6}|{:<4}|{:,}|{key}".format("r", "l", 1234567, key=True), made_at="2024-01-08")


def downgrade() -> None:
    op.drop_table(f"{PREFIX}settings")
