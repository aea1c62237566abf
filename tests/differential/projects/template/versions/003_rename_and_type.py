"""Rename a column; change a type; move data

Revision ID: 003_rename_and_type
Revises: 002_required_column
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "003_rename_and_type"
down_revision = "002_required_column"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("items", "name", new_column_name="title", existing_type=sa.String(length=100), existing_nullable=False)
    op.alter_column("items", "price", existing_type=sa.Numeric(10, 2), type_=sa.BigInteger(), server_default=None,
                    postgresql_using="(price * 100)::bigint")
    op.execute(sa.text("UPDATE users SET email = lower(email)"))
    op.alter_column("items", "title", existing_type=sa.String(length=100), type_=sa.Text(), existing_nullable=False)


def downgrade() -> None:
    op.alter_column("items", "title", existing_type=sa.Text(), type_=sa.String(length=100), existing_nullable=False)
    op.alter_column("items", "price", existing_type=sa.BigInteger(), type_=sa.Numeric(10, 2), server_default="0.00",
                    postgresql_using="price / 100.0")
    op.alter_column("items", "title", new_column_name="name")
