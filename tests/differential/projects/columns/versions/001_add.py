"""add_column

Revision ID: co01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "co01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("accounts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(50)))
    accounts = sa.table("accounts", sa.column("id", sa.Integer), sa.column("name", sa.String))
    op.bulk_insert(accounts, [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}])
    op.add_column("accounts", sa.Column("plain", sa.Integer()))
    op.add_column("accounts", sa.Column("with_default", sa.String(10), server_default="x", nullable=False))
    op.add_column("accounts", sa.Column("flag", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("accounts", column=sa.Column("keyword", sa.Integer(), nullable=True))
    op.add_column(table_name="accounts", column=sa.Column("both_keywords", sa.Integer(), server_default=sa.text("7")))
    op.add_column("accounts", sa.Column("commented", sa.Text(), comment="what it's for"))
    op.add_column("accounts", sa.Column("no_schema", sa.Text()), schema=None)


def downgrade() -> None:
    op.drop_table("accounts")
