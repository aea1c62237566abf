"""Savepoints

Revision ID: lsavepoi02
Revises: lsavepoi01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError, IntegrityError

revision = "lsavepoi02"
down_revision = "lsavepoi01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    op.create_index("uq_users_id_name", "users", ["id", "name"], unique=True)
    failures = 0
    for id_ in (1, 5, 1, 6):
        try:
            with bind.begin_nested():
                bind.execute(sa.text("INSERT INTO users (id, name) VALUES (:id, 'tried')"), {"id": id_})
        except IntegrityError:
            failures += 1
    op.execute(sa.text("UPDATE users SET age = :f WHERE id = 5").bindparams(f=failures))
    try:
        with bind.begin_nested():
            op.execute("ALTER TABLE no_such_table ADD COLUMN x INTEGER")
    except (DBAPIError, KeyError) as error:
        assert "no_such_table" in str(error)
        op.execute("UPDATE users SET age = 77 WHERE id = 6")


def downgrade():
    op.drop_index("uq_users_id_name", table_name="users")
    op.execute("DELETE FROM users WHERE id > 4")
