"""sqlite_autoincrement, sqlite_with_rowid, on_conflict

Revision ID: st01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "st01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("auto", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()), sqlite_autoincrement=True)
    op.create_table("auto_constraint", sa.Column("id", sa.Integer(), nullable=False), sa.Column("a", sa.Integer()),
                    sa.PrimaryKeyConstraint("id", name="auto_pk"), sqlite_autoincrement=True)
    op.create_table("no_rowid", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Text()), sqlite_with_rowid=False)
    op.create_table(
        "conflicts",
        sa.Column("id", sa.Integer(), primary_key=True, sqlite_on_conflict_primary_key="FAIL"),
        sa.Column("a", sa.Integer(), nullable=False, sqlite_on_conflict_not_null="IGNORE"),
        sa.Column("b", sa.Integer(), unique=True, sqlite_on_conflict_unique="REPLACE"),
        sa.UniqueConstraint("a", "b", name="conflicts_ab", sqlite_on_conflict="ROLLBACK"),
        sa.CheckConstraint("a > 0"),
    )
    op.create_table("conflicts_key", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()),
                    sa.PrimaryKeyConstraint("a", "b", sqlite_on_conflict="REPLACE"))
    op.execute("INSERT INTO auto (a) VALUES (5), (6)")
    op.execute("DELETE FROM auto WHERE a = 6")


def downgrade():
    for name in ["conflicts_key", "conflicts", "no_rowid", "auto_constraint", "auto"]:
        op.drop_table(name)
