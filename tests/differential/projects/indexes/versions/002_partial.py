"""Partial indexes, with each database's keyword

Revision ID: ix02
Revises: ix01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ix02"
down_revision = "ix01"
branch_labels = None
depends_on = None


def upgrade():
    active = sa.text("active")
    op.create_index("t_active", "t", ["a"], postgresql_where=active, sqlite_where=active)
    op.create_index("t_positive", "t", ["c"], unique=True, postgresql_where=sa.column("c") > 0, sqlite_where=sa.column("c") > 0)
    op.create_index("t_percent", "t", ["b"], postgresql_where=sa.text("b LIKE 'a%'"), sqlite_where=sa.text("b LIKE 'a%'"))
    op.create_index("t_in", "t", ["b"], postgresql_where=sa.column("c").in_([1, 2]), sqlite_where=sa.column("c").in_([1, 2]))
    op.create_index("t_string", "t", ["b"], postgresql_where=sa.column("b") == "it's", sqlite_where=sa.column("b") == "it's")
    op.create_index("t_null", "t", ["b"], postgresql_where=sa.column("b").is_(None), sqlite_where=sa.column("b").is_not(None))
    op.create_index("t_and", "t", ["b"], sqlite_where=sa.and_(sa.text("a > 1"), sa.or_(sa.text("c < 2"), sa.text("c > 8"))))


def downgrade():
    for name in ("t_and", "t_null", "t_string", "t_in", "t_percent"):
        op.drop_index(name, table_name="t")
    op.drop_index("t_positive", table_name="t", postgresql_where=sa.text("c > 0"), sqlite_where=sa.text("c > 0"))
    op.drop_index("t_active", table_name="t")
