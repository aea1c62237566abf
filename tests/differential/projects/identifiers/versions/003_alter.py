"""Altering them

Revision ID: id03
Revises: id02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "id03"
down_revision = "id02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""INSERT INTO "User Accounts" ("Id", "select", "100%") VALUES (1, 2, '3')""")
    op.add_column("User Accounts", sa.Column("Added Column", sa.Integer()))
    with op.batch_alter_table("User Accounts") as batch_op:
        batch_op.alter_column("camelCase", new_column_name="Camel Case")
        batch_op.alter_column("100%", existing_type=sa.String(2), type_=sa.String(20))
        batch_op.alter_column("select", existing_type=sa.Integer(), nullable=True, new_column_name="where")
    op.rename_table("order", "Order By")


def downgrade() -> None:
    op.rename_table("Order By", "order")
    with op.batch_alter_table("User Accounts") as batch_op:
        batch_op.alter_column("where", existing_type=sa.Integer(), nullable=False, new_column_name="select")
        batch_op.alter_column("100%", existing_type=sa.String(20), type_=sa.String(2))
        batch_op.alter_column("Camel Case", new_column_name="camelCase")
        batch_op.drop_column("Added Column")
