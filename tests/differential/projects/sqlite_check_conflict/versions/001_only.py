"""sqlite_on_conflict of a CheckConstraint

Revision ID: sc01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "sc01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("conflicts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()),
                    sa.CheckConstraint("a > 0", name="conflicts_a", sqlite_on_conflict="ABORT"))
    op.execute("INSERT INTO conflicts (id, a) VALUES (1, 5)")


def downgrade():
    op.drop_table("conflicts")
