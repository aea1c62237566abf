"""rename_table and renaming columns

Revision ID: co04
Revises: co03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "co04"
down_revision = "co03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("accounts", "users")
    op.rename_table(old_table_name="teams", new_table_name="Groups", schema=None)
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("name", new_column_name="full_name")


def downgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("full_name", new_column_name="name", existing_type=sa.String(50))
    op.rename_table("Groups", "teams")
    op.rename_table("users", "accounts")
