"""Upserts

Revision ID: lon_conf02
Revises: lon_conf01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

revision = "lon_conf02"
down_revision = "lon_conf01"
branch_labels = None
depends_on = None


def upgrade():
    settings = sa.table("settings", sa.column("key", sa.String), sa.column("value", sa.String), sa.column("n", sa.Integer))
    bind = op.get_bind()
    insert = (postgresql if bind.dialect.name == "postgresql" else sqlite).insert
    for row in bind.execute(sa.select(settings.c.key, settings.c.n).order_by(settings.c.key)).fetchall():
        statement = insert(settings).values(key=row.key, value="new " + row.key, n=row.n * 10)
        statement = statement.on_conflict_do_update(
            index_elements=["key"], set_={"value": statement.excluded.value, "n": settings.c.n + statement.excluded.n})
        bind.execute(statement)
    bind.execute(insert(settings).values([{"key": "a", "value": "x", "n": 0}, {"key": "c", "value": "y", "n": 3}])
                 .on_conflict_do_nothing(index_elements=[settings.c.key]))
    op.execute(insert(settings).values(key="d", value="z", n=4).on_conflict_do_nothing())


def downgrade():
    op.execute("DELETE FROM settings WHERE key IN ('c', 'd')")
