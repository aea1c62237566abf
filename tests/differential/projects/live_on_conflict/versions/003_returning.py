"""Returning

Revision ID: lon_conf03
Revises: lon_conf02
Create Date: 2025-03-01 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lon_conf03"
down_revision = "lon_conf02"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        settings = sa.table("settings", sa.column("key", sa.String), sa.column("value", sa.String), sa.column("n", sa.Integer))
        row = bind.execute(settings.update().where(settings.c.key == "a").values(n=settings.c.n + 1).returning(settings.c.n)).one()
        deleted = bind.execute(settings.delete().where(settings.c.key == "b").returning(settings.c.key, settings.c.n)).all()
        assert deleted[0].key == "b"
        new = bind.execute(settings.insert().values(key="r", n=row.n).returning(settings.c.key)).scalar_one()
        bind.execute(settings.update().where(settings.c.key == new).values(value=str(len(deleted))))


def downgrade():
    pass
