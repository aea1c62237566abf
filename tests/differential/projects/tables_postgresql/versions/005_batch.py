"""A batch of several changes, in place

Revision ID: xt05
Revises: xt04
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xt05"
down_revision = "xt04"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("rebuilt", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text(), server_default="n"),
                    sa.Column("n", sa.Numeric(10, 2)), sa.CheckConstraint("n > 0", name="rebuilt_check"),
                    sa.UniqueConstraint("name", name="rebuilt_name"))
    op.create_index("rebuilt_index", "rebuilt", ["n", "name"])
    op.execute("INSERT INTO rebuilt (name, n) VALUES ('a', 1), ('b', 2)")
    with op.batch_alter_table("rebuilt") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer(), server_default="1"))
        batch_op.alter_column("n", existing_type=sa.Numeric(10, 2), type_=sa.Numeric(12, 3), nullable=False)


def downgrade():
    op.drop_table("rebuilt")
