"""table_args and table_kwargs

Revision ID: bs02
Revises: bs01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bs02"
down_revision = "bs01"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table(
        "t",
        table_args=(sa.UniqueConstraint("a", "b", name="t_ab"), sa.CheckConstraint("b IS NULL OR b > 0", name="t_check")),
        table_kwargs={"sqlite_with_rowid": True},
        recreate="always",
    ) as batch_op:
        batch_op.add_column(sa.Column("c", sa.Integer(), server_default="1"))
    with op.batch_alter_table("t", recreate="always", table_kwargs=dict(sqlite_with_rowid=True)) as batch_op:
        batch_op.create_index("t_c", ["c"])


def downgrade():
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_index("t_c")
        batch_op.drop_column("c")
        batch_op.drop_constraint("t_ab", type_="unique")
