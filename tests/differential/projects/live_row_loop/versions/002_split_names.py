"""Split names

Revision ID: lrow_loo02
Revises: lrow_loo01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lrow_loo02"
down_revision = "lrow_loo01"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("users", sa.Column("first", sa.String(50)))
    op.add_column("users", sa.Column("last", sa.String(50)))
    bind = op.get_bind()
    for row in bind.execute(sa.text("SELECT id, name FROM users ORDER BY id")):
        first, _, last = row.name.partition(" ")
        bind.execute(sa.text("UPDATE users SET first = :first, last = :last WHERE id = :id"),
                     {"first": first, "last": last or None, "id": row[0]})


def downgrade():
    op.drop_column("users", "last")
    op.drop_column("users", "first")
