"""drop_column

Revision ID: co03
Revises: co02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "co03"
down_revision = "co02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("accounts", "plain")
    op.drop_column("accounts", column_name="keyword")
    op.drop_column(table_name="accounts", column_name="no_schema", schema=None)


def downgrade() -> None:
    op.add_column("accounts", sa.Column("no_schema", sa.Text()))
    op.add_column("accounts", sa.Column("keyword", sa.Integer(), nullable=True))
    op.add_column("accounts", sa.Column("plain", sa.Integer()))
