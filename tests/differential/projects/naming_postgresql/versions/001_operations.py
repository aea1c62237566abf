"""Operations with None as name

Revision ID: np01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "np01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("left", sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.Integer(), nullable=False),
                    sa.PrimaryKeyConstraint("a", "b"))
    op.create_table("right", sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.Integer()),
                    sa.Column("c", sa.Integer(), index=True))
    op.create_primary_key(None, "right", ["a"])
    op.create_unique_constraint(None, "right", ["b", "c"])
    op.create_foreign_key(None, "right", "left", ["a", "b"], ["a", "b"])
    op.create_check_constraint("positive", "right", "c > 0")
    op.create_check_constraint(op.f("exact"), "right", "c > 1")
    op.create_index(None, "right", ["b"])
    op.create_unique_constraint(op.f("exact_unique"), "right", ["c"])
    op.create_unique_constraint("plain_unique", "right", ["a", "c"])


def downgrade():
    op.drop_constraint(op.f("exact_unique"), "right", type_="unique")
    op.drop_constraint("positive", "right", type_="check")
    op.drop_constraint(op.f("exact"), "right", type_="check")
    op.drop_table("right")
    op.drop_table("left")
