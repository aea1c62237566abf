"""Core update

Revision ID: lcore02
Revises: lcore01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lcore02"
down_revision = "lcore01"
branch_labels = None
depends_on = None


def upgrade():
    users = sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("email", sa.String),
                     sa.column("active", sa.Boolean), sa.column("age", sa.Integer))
    bind = op.get_bind()
    query = sa.select(users.c.id, users.c.name, users.c.active, users.c.age).where(
        sa.or_(users.c.age > 25, users.c.age.is_(None)), users.c.name.like("%")).order_by(users.c.id.desc())
    for row in bind.execute(query):
        assert isinstance(row.active, bool)
        bind.execute(users.update().where(users.c.id == row.id).values(
            age=(row.age or 0) + 1, name=f"{row.name} ({'on' if row.active else 'off'})"))
    count = bind.execute(sa.select(sa.func.count()).select_from(users)).scalar()
    assert count == 4
    oldest = bind.execute(sa.select(sa.func.max(users.c.age).label("oldest"))).one().oldest
    bind.execute(users.insert().values(id=count + 1, name="sum", age=oldest))


def downgrade():
    op.execute("DELETE FROM users WHERE id = 5")
