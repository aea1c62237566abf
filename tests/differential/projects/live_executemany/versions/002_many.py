"""Many

Revision ID: lexecute02
Revises: lexecute01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lexecute02"
down_revision = "lexecute01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, age FROM users ORDER BY id")).mappings().all()
    bind.execute(sa.text("UPDATE users SET age = :age WHERE id = :id"),
                 [{"id": r["id"], "age": (r["age"] or 0) * 2} for r in rows])
    users = sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("age", sa.Integer))
    bind.execute(users.update().where(users.c.id == sa.bindparam("b_id")).values(name=sa.bindparam("b_name")),
                 [{"b_id": r["id"], "b_name": f"user {r['id']}"} for r in rows])
    bind.execute(users.insert(), [{"id": 20 + r["id"], "name": "copy", "age": r["age"]} for r in rows])
    bind.execute(users.delete().where(users.c.id == sa.bindparam("gone")), [{"gone": 21}, {"gone": 22}])


def downgrade():
    op.execute("DELETE FROM users WHERE id > 20")
