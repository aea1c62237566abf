"""Require users.full_name

Revision ID: 004_require_full_name
Revises: 003_add_full_name
Create Date: 2025-02-10 08:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "004_require_full_name"
down_revision = "003_add_full_name"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A batch: SQLite rebuilds the table, keeping its rows, indexes and constraints; PostgreSQL alters it in place.
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("full_name", existing_type=sa.String(200), nullable=False)
        batch_op.create_unique_constraint("uq_users_full_name_email", ["full_name", "email"])


def downgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_constraint("uq_users_full_name_email", type_="unique")
        batch_op.alter_column("full_name", existing_type=sa.String(200), nullable=True)
