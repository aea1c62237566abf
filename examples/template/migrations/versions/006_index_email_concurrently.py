"""Pattern 3: add an index concurrently

Revision ID: 006_index_email_concurrently
Revises: 005_drop_name
Create Date: 2025-03-05 10:00:00.000000
"""

from alembic import op

revision = "006_index_email_concurrently"
down_revision = "005_drop_name"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Allows reads and writes while the index is made; cannot run in a transaction block.
    op.execute(
        "CREATE INDEX CONCURRENTLY idx_users_email ON users (email)"
    )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("idx_users_email", table_name="users", postgresql_concurrently=True)
