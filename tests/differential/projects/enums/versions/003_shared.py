"""One type in two tables

Revision ID: en03
Revises: en02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "en03"
down_revision = "en02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    priority = sa.Enum("low", "high", name="priority")
    priority.create(bind, checkfirst=True)
    if bind.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql
        column_type = postgresql.ENUM("low", "high", name="priority", create_type=False)
    else:
        column_type = sa.Enum("low", "high", name="priority", create_constraint=True)
    op.create_table("tasks", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("priority", column_type))
    op.create_table("jobs", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("priority", column_type, server_default=sa.text("'low'"), nullable=False))
    op.execute("INSERT INTO jobs (id) VALUES (1)")


def downgrade() -> None:
    op.drop_table("jobs")
    op.drop_table("tasks")
    sa.Enum("low", "high", name="priority").drop(op.get_bind(), checkfirst=True)
