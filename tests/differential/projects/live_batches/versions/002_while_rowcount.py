"""While rowcount

Revision ID: lbatches02
Revises: lbatches01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lbatches02"
down_revision = "lbatches01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    op.add_column("users", sa.Column("done", sa.Integer))
    rounds = 0
    while True:
        result = bind.execute(sa.text(
            "UPDATE users SET done = 1 WHERE id IN (SELECT id FROM users WHERE done IS NULL ORDER BY id LIMIT 3)"))
        rounds += 1
        if result.rowcount < 3:
            break
    op.execute(f"UPDATE users SET done = {rounds} WHERE id = 1")


def downgrade():
    op.drop_column("users", "done")
