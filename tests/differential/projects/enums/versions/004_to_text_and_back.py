"""From enum to text and back, with data

Revision ID: en04
Revises: en03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "en04"
down_revision = "en03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.alter_column("priority", existing_type=sa.Enum("low", "high", name="priority"), type_=sa.String(10),
                              existing_nullable=False, server_default=None, existing_server_default=sa.text("'low'"),
                              postgresql_using="priority::text")


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.alter_column("priority", existing_type=sa.String(10), type_=sa.Enum("low", "high", name="priority"),
                              existing_nullable=False, server_default=None, postgresql_using="priority::priority")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.alter_column("priority", existing_type=sa.Enum("low", "high", name="priority"),
                              server_default=sa.text("'low'"))
