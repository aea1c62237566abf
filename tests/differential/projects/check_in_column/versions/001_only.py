"""sa.Column(..., sa.CheckConstraint())

Revision ID: ck01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ck01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("age", sa.Integer(), sa.CheckConstraint("age > 0", name="people_age")),
                    sa.Column("price", sa.Numeric(10, 2), sa.CheckConstraint("price >= 0", name="price_positive"),
                              nullable=False, server_default="1"),
                    sa.Column("discount", sa.Numeric(10, 2), sa.CheckConstraint("discount < 100")))
    op.execute("INSERT INTO people (id, age) VALUES (1, 5)")


def downgrade():
    op.drop_table("people")
