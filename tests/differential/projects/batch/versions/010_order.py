"""Several operations of all kinds in one batch, in an unusual order

Revision ID: ba10
Revises: ba09
Create Date: 2025-02-10 10:10:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba10"
down_revision = "ba09"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("mixed", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()),
                    sa.Column("b", sa.Integer(), nullable=False, server_default="2"), sa.Column("c", sa.Text()))
    op.create_index("mixed_a", "mixed", ["a"])
    op.create_index("mixed_b", "mixed", ["b", "c"], unique=True)
    op.execute("INSERT INTO mixed (id, a, c) VALUES (1, 10, 'x'), (2, 20, 'y')")
    with op.batch_alter_table("mixed") as batch_op:
        batch_op.add_column(sa.Column("d", sa.Integer(), server_default="4"))
        batch_op.create_index("mixed_new", ["d"])
        batch_op.drop_index("mixed_a")
        batch_op.alter_column("b", new_column_name="bb", existing_type=sa.Integer())
        batch_op.create_unique_constraint("mixed_unique", ["a", "c"])
        batch_op.alter_column("a", existing_type=sa.Integer(), type_=sa.BigInteger(), nullable=False)


def downgrade():
    op.drop_table("mixed")
