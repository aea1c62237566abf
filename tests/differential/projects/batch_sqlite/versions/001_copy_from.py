"""copy_from

Revision ID: bs01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bs01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.String(10)), sa.Column("b", sa.Integer()))
    op.execute("INSERT INTO t VALUES (1, 'x', 5), (2, 'y', NULL)")
    known = sa.Table(
        "t", sa.MetaData(),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("a", sa.String(10)),
        sa.Column("b", sa.Integer()),
        sa.UniqueConstraint("b", name="t_b"),
        sa.Index("t_a", "a"),
    )
    with op.batch_alter_table("t", copy_from=known) as batch_op:
        batch_op.alter_column("a", existing_type=sa.String(10), nullable=False)
        batch_op.drop_constraint("t_b", type_="unique")


def downgrade():
    op.drop_table("t")
