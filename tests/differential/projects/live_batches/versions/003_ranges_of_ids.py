"""Ranges of ids

Revision ID: lbatches03
Revises: lbatches02
Create Date: 2025-03-01 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lbatches03"
down_revision = "lbatches02"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    low, high = bind.execute(sa.text("SELECT min(id), max(id) FROM users")).first()
    step = 2
    for start in range(low, high + 1, step):
        bind.execute(sa.text("UPDATE users SET age = coalesce(age, 0) + :n WHERE id >= :a AND id < :b"),
                     dict(n=start, a=start, b=start + step))
    last = 0
    while True:
        page = bind.execute(sa.text("SELECT id FROM users WHERE id > :last ORDER BY id LIMIT 3"), {"last": last}).fetchall()
        if not page:
            break
        last = page[-1].id
        ids = tuple(r.id for r in page)
        bind.execute(sa.text("UPDATE users SET done = 7 WHERE id IN :ids").bindparams(sa.bindparam("ids", expanding=True)),
                     {"ids": list(ids)})


def downgrade():
    pass
