"""Pattern 6, with Alembic's own operation

Revision ID: 011_age_to_bigint
Revises: 010_age_to_integer
Create Date: 2025-03-21 10:00:00.000000
"""

from alembic import op
import sqlalchemy as sa

revision = "011_age_to_bigint"
down_revision = "010_age_to_integer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "users",
        "age",
        existing_type=sa.Integer(),
        type_=sa.BigInteger(),
        postgresql_using="age::bigint",
    )


def downgrade() -> None:
    op.alter_column(
        "users",
        "age",
        existing_type=sa.BigInteger(),
        type_=sa.Integer(),
        postgresql_using="age::integer",
    )
