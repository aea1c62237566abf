"""Comments on tables

Revision ID: cp05
Revises: cp04
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "cp05"
down_revision = "cp04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table_comment("goods", "all the 'goods'", existing_comment=None)
    op.create_table_comment("makers", comment="percent % colon : backslash \\", schema="public")
    op.create_table_comment("makers", "changed", existing_comment="percent % colon : backslash \\", schema="public")
    op.create_table_comment(table_name="numbered", comment="temporary")
    op.drop_table_comment("numbered", existing_comment="temporary", schema=None)


def downgrade() -> None:
    op.drop_table_comment("makers", schema="public")
    op.drop_table_comment(table_name="goods", existing_comment="all the 'goods'")
