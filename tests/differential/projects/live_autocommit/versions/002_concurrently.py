"""Concurrently

Revision ID: lautocom02
Revises: lautocom01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lautocom02"
down_revision = "lautocom01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    count = bind.execute(sa.text("SELECT count(*) FROM users")).scalar()
    op.execute(f"UPDATE users SET age = {count} WHERE id = 1")
    with op.get_context().autocommit_block():
        op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)
    for row in bind.execute(sa.text("SELECT id FROM users WHERE id > 2 ORDER BY id")).fetchall():
        op.execute(f"UPDATE users SET age = {row.id * 11} WHERE id = {row.id}")


def downgrade():
    if op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar():
        op.drop_index("ix_users_email", table_name="users")
