"""Names that only SQLite takes

Revision ID: tm02
Revises: tm01
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "tm02"
down_revision = "tm01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.create_table("doubles", sa.Column("double", sa.DOUBLE()),
                        sa.Column("double_precision", sa.DOUBLE(precision=53, asdecimal=True, decimal_return_scale=1)))
    else:
        op.create_table("doubles", sa.Column("double", sa.Double()))


def downgrade() -> None:
    op.drop_table("doubles")
