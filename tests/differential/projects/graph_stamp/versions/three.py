"""Three

Revision ID: abc3dddd3333
Revises: abc2cccc2222
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "abc3dddd3333"
down_revision = "abc2cccc2222"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE IF NOT EXISTS three (id integer)")


def downgrade():
    op.execute("DROP TABLE IF EXISTS three")
