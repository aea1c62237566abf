"""Keys that are numbers but not integers

Revision ID: tm04
Revises: tm03
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "tm04"
down_revision = "tm03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("numeric_key", sa.Column("id", sa.Numeric(10, 0), primary_key=True), sa.Column("value", sa.Integer()))
    op.create_table("float_key", sa.Column("id", sa.Float(), primary_key=True), sa.Column("value", sa.Integer()))


def downgrade() -> None:
    op.drop_table("float_key")
    op.drop_table("numeric_key")
