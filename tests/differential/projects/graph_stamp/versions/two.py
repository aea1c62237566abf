"""Two

Revision ID: abc2cccc2222
Revises: abc1aaaa1111
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "abc2cccc2222"
down_revision = "abc1aaaa1111"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE IF NOT EXISTS two (id integer)")


def downgrade():
    op.execute("DROP TABLE IF EXISTS two")
