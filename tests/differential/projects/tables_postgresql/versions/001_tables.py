"""partition_by, inherits, tablespace, on_commit

Revision ID: xt01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xt01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("measures", sa.Column("id", sa.Integer(), nullable=False), sa.Column("day", sa.Date(), nullable=False),
                    postgresql_partition_by="RANGE (day)")
    op.execute("CREATE TABLE measures_2024 PARTITION OF measures FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")
    op.create_table("lists", sa.Column("kind", sa.Text()), sa.Column("n", sa.Integer()), postgresql_partition_by="LIST (kind)",
                    comment="partitioned")
    op.create_index("measures_day", "measures", ["day"])
    op.create_table("base_table", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
    op.create_table("heir", sa.Column("more", sa.Integer()), postgresql_inherits="base_table")
    op.create_table("second_base", sa.Column("other", sa.Integer()))
    op.create_table("heir_of_two", sa.Column("more", sa.Integer()), postgresql_inherits=("base_table", "second_base"))
    op.create_table("spaced", sa.Column("id", sa.Integer(), index=True), postgresql_tablespace="pg_default")
    op.create_table("unlogged", sa.Column("id", sa.Integer()), prefixes=["UNLOGGED"])
    op.create_table("searched", sa.Column("id", sa.Integer()), postgresql_ignore_search_path=True, mysql_engine="InnoDB")
    op.execute("INSERT INTO measures VALUES (1, '2024-05-05')")


def downgrade():
    for name in ["searched", "unlogged", "spaced", "heir_of_two", "second_base", "heir", "base_table", "lists", "measures"]:
        op.drop_table(name)
