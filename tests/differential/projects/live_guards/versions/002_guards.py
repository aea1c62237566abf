"""Guards

Revision ID: lguards02
Revises: lguards01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lguards02"
down_revision = "lguards01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT count(*) FROM users WHERE age IS NULL")).scalar() > 0:
        op.execute("UPDATE users SET age = 0 WHERE age IS NULL")
    if not bind.scalar(sa.text("SELECT 1 FROM users WHERE name = 'nobody'")):
        op.execute("INSERT INTO users (id, name) VALUES (5, 'nobody')")
    row = bind.execute(sa.text("SELECT id, name FROM users WHERE name = :n"), {"n": "Bob"}).fetchone()
    if row is not None and row._mapping["name"] == "Bob":
        op.execute(sa.text("UPDATE users SET name = 'Robert' WHERE id = :id").bindparams(id=row.id))
    exists = bind.execute(sa.text("SELECT EXISTS (SELECT 1 FROM users WHERE id = 99)")).scalar()
    if exists:
        op.drop_table("users")
    else:
        op.create_index("ix_users_name", "users", ["name"])
    missing = bind.execute(sa.text("SELECT id FROM users WHERE id = 99")).first()
    assert missing is None
    assert bind.execute(sa.text("SELECT id FROM users WHERE id = 99")).scalar() is None


def downgrade():
    bind = op.get_bind()
    op.drop_index("ix_users_name", table_name="users")
    if bind.execute(sa.text("SELECT count(*) FROM users")).scalar_one() == 5:
        op.execute("DELETE FROM users WHERE id = 5")
