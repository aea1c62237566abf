"""sqlite_strict

Revision ID: sm01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "sm01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("strict", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.INTEGER()), sa.Column("b", sa.TEXT()),
                    sqlite_strict=True)
    op.create_table("both", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("b", sa.TEXT()),
                    sqlite_strict=True, sqlite_with_rowid=False)
    op.execute("INSERT INTO strict VALUES (1, 2, 'x')")


def downgrade():
    op.drop_table("both")
    op.drop_table("strict")
