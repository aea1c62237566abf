"""Pattern 6: change a column's type, in SQL

Revision ID: 010_age_to_integer
Revises: 009_status_enum
Create Date: 2025-03-20 10:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "010_age_to_integer"
down_revision = "009_status_enum"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE users ALTER COLUMN age TYPE INTEGER USING age::integer")


def downgrade() -> None:
    op.alter_column("users", "age", existing_type=sa.Integer(), type_=sa.String(10), postgresql_using="age::text")
