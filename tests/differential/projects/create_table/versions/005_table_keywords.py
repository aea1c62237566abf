"""Keywords of create_table that reach no or only some databases

Revision ID: ct05
Revises: ct04
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ct05"
down_revision = "ct04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    items = op.create_table(
        "items",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Unicode(30), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mariadb_engine="Aria",
        oracle_compress=True,
        info={"bind_key": "other"},
        schema=None,
        prefixes=[],
        keep_existing=False,
        quote=None,
    )
    op.create_table("temporary_like", sa.Column("a", sa.Integer()), prefixes=["/* a prefix */"])
    op.bulk_insert(items, [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}])


def downgrade() -> None:
    op.drop_table("temporary_like", mysql_engine="InnoDB")
    op.drop_table("items", schema=None)
