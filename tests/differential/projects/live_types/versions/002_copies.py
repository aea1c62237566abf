"""Copies

Revision ID: ltypes02
Revises: ltypes01
Create Date: 2025-03-01 10:02:00.000000

"""
import json

import sqlalchemy as sa
from alembic import op

revision = "ltypes02"
down_revision = "ltypes01"
branch_labels = None
depends_on = None


def upgrade():
    samples = sa.table("samples", sa.column("id", sa.Integer), sa.column("b", sa.Boolean), sa.column("f", sa.Float),
                       sa.column("n", sa.Numeric(10, 2)), sa.column("txt", sa.Text), sa.column("d", sa.Date),
                       sa.column("ts", sa.DateTime), sa.column("j", sa.JSON), sa.column("bin", sa.LargeBinary),
                       sa.column("big", sa.BigInteger), sa.column("tm", sa.Time))
    bind = op.get_bind()
    for row in bind.execute(sa.select(samples).order_by(samples.c.id)).fetchall():
        values = dict(row._mapping)
        values["id"] = row.id + 10
        if row.d is not None:
            values["d"] = row.d.replace(day=1)
            values["n"] = row.n * 2
            values["txt"] = row.ts.isoformat() + row.txt + str(row.n) + repr(row.tm)
            values["j"] = {"was": row.j, "text": json.dumps(row.j), "big": row.big + 1}
        bind.execute(samples.insert().values(**values))
    loaded = bind.execute(sa.text("SELECT id, j, big FROM samples WHERE id = 1")).one()
    data = loaded.j if isinstance(loaded.j, dict) else json.loads(loaded.j)
    data["a"].append("more")
    bind.execute(samples.update().where(samples.c.id == 1).values(j=data, big=loaded.big - 1))


def downgrade():
    op.execute("DELETE FROM samples WHERE id > 10")
