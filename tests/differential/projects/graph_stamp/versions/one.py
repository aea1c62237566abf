"""One

Revision ID: abc1aaaa1111
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "abc1aaaa1111"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE IF NOT EXISTS one (id integer)")


def downgrade():
    op.execute("DROP TABLE IF EXISTS one")
