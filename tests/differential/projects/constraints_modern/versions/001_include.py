"""postgresql_include and postgresql_nulls_not_distinct

Revision ID: xm01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xm01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "m",
        sa.Column("a", sa.Integer(), nullable=False),
        sa.Column("b", sa.Integer()),
        sa.Column("c", sa.Integer()),
        sa.UniqueConstraint("b", name="m_b", postgresql_nulls_not_distinct=True, postgresql_include=["c"]),
        sa.PrimaryKeyConstraint("a", name="m_pk", postgresql_include=["b", "c"]),
    )
    op.create_unique_constraint("m_c", "m", ["c"], postgresql_nulls_not_distinct=True)
    op.create_unique_constraint("m_c_again", "m", ["c"], postgresql_nulls_not_distinct=False)
    op.create_index("m_index", "m", ["b"], unique=True, postgresql_nulls_not_distinct=True)
    op.create_index("m_index_distinct", "m", ["b"], unique=True, postgresql_nulls_not_distinct=False)


def downgrade():
    op.drop_index("m_index", table_name="m", postgresql_nulls_not_distinct=True)
    op.drop_constraint("m_c", "m", type_="unique", if_exists=True)
    op.drop_table("m")
