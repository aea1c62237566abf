"""Four: does nothing

Revision ID: xyz4
Revises: abc3dddd3333
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xyz4"
down_revision = "abc3dddd3333"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
