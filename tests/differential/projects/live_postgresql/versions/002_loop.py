"""Loop

Revision ID: lpostgre02
Revises: lpostgre01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "lpostgre02"
down_revision = "lpostgre01"
branch_labels = None
depends_on = None


def upgrade():
    samples = sa.table("samples", sa.column("id", sa.Integer), sa.column("u", postgresql.UUID(as_uuid=True)),
                       sa.column("tags", postgresql.ARRAY(sa.Text)), sa.column("numbers", postgresql.ARRAY(sa.Integer)),
                       sa.column("data", postgresql.JSONB), sa.column("at", sa.DateTime(timezone=True)),
                       sa.column("i", postgresql.INTERVAL), sa.column("status", sa.Text))
    bind = op.get_bind()
    for row in bind.execute(sa.select(samples.c.id, samples.c.u, samples.c.tags, samples.c.numbers, samples.c.data,
                                      samples.c.at, samples.c.i).order_by(samples.c.id)).all():
        data = {"was": row.data, "n": sorted(row.numbers or [])}
        bind.execute(samples.update().where(samples.c.id == row.id).values(
            data=data, tags=[t.upper() for t in row.tags] + [str(row.u)], numbers=sorted(row.numbers or [0])))
    labels = bind.execute(sa.text("SELECT enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid "
                                  "WHERE t.typname = 'status' ORDER BY e.enumsortorder")).scalars().all()
    if "unknown" not in labels:
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE status ADD VALUE 'unknown'")
    ranked = sa.select(samples.c.id, sa.func.row_number().over(order_by=samples.c.id.desc()).label("rn")).subquery()
    for id_, rank in bind.execute(sa.select(ranked.c.id, ranked.c.rn).where(ranked.c.rn > 1)):
        bind.execute(sa.text("UPDATE samples SET i = make_interval(days => :n) WHERE id = :id"), {"n": rank, "id": id_})
    has_jsonb = bind.execute(sa.text("SELECT data->'was' ? 'k' FROM samples WHERE id = 1")).scalar()
    assert has_jsonb is True


def downgrade():
    op.execute("UPDATE samples SET status = 'on'")
