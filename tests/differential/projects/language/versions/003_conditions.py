"""Conditions on the dialect, exceptions, classes

Revision ID: la03
Revises: la02
Create Date: 2025-02-03 10:03:00.000000

"""
import datetime
import enum
import logging
import uuid

import sqlalchemy as sa
from alembic import op

revision = "la03"
down_revision = "la02"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.runtime.migration")


class Kind(str, enum.Enum):
    PLAIN = "plain"
    FANCY = "fancy"

    @classmethod
    def default(cls):
        return cls.PLAIN


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 10


class Tables:
    main = "conditions"
    other: str = main + "_other"


NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def upgrade() -> None:
    log.info("upgrading %s", Tables.main)
    bind = op.get_bind()
    is_postgresql = bind.dialect.name == "postgresql"
    op.create_table(
        Tables.main,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(10), server_default=Kind.FANCY.value, nullable=False),
        sa.Column("level", sa.Integer(), server_default=str(Level.HIGH.value)),
        sa.Column("either", sa.Text() if is_postgresql else sa.VARCHAR(99)),
    )
    if is_postgresql and not (1 > 2):
        op.execute("ALTER TABLE conditions ADD COLUMN pg integer")
    elif bind.dialect.name in ("sqlite",):
        op.execute("ALTER TABLE conditions ADD COLUMN lite integer")
    else:
        raise NotImplementedError("no other database")
    try:
        value = {"a": 1}["b"]
    except KeyError:
        value = None
    finally:
        op.create_table(Tables.other, sa.Column("id", sa.Integer()))
    assert value is None, "no value"
    context = op.get_context()
    if context.dialect.name != "mysql" and not context.as_sql:
        day = datetime.date(2024, 2, 28) + datetime.timedelta(days=2)
        moment = datetime.datetime.strptime("2024-03-01 10:00", "%Y-%m-%d %H:%M")
        op.execute(f"INSERT INTO conditions (id, kind, either) VALUES ({Level.LOW + 1}, '{Kind('plain').name}', '{day.isoformat()}')")
        op.execute(f"INSERT INTO conditions (id, either) VALUES (5, '{moment:%d.%m.%Y}'), (6, '{uuid.uuid5(NAMESPACE, 'x')}')")
        op.execute("INSERT INTO conditions (id, kind) VALUES (7, '%s')" % Kind.default().value)
        for number, member in enumerate(Kind, 8):
            op.execute(f"INSERT INTO conditions (id, kind) VALUES ({number}, '{member.value}')")
    migrate_other()


def migrate_other(count=3):
    global written
    written = 0
    for _ in range(count):
        op.execute(f"INSERT INTO {Tables.other} VALUES ({written})")
        written += 1


def downgrade() -> None:
    op.drop_table(Tables.other)
    op.drop_table(Tables.main)
