"""Names that are generated and too long

Revision ID: id04
Revises: id03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "id04"
down_revision = "id03"
branch_labels = None
depends_on = None

LONG = "a_table_name_that_is_as_long_as_postgresql_allows_it_to_be_63_b"


def upgrade() -> None:
    op.create_table(
        "another_table_with_a_name_that_is_rather_long_indeed",
        sa.Column("a_column_with_a_name_that_is_rather_long", sa.Integer(), index=True),
        sa.Column("short", sa.Integer(), index=True),
    )


def downgrade() -> None:
    op.drop_table("another_table_with_a_name_that_is_rather_long_indeed")
