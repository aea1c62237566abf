"""insert_before, insert_after, partial_reordering

Revision ID: ba06
Revises: ba05
Create Date: 2025-02-06 10:06:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba06"
down_revision = "ba05"
branch_labels = None
depends_on = None


def upgrade():
    always = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    op.create_table("positions", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.Column("c", sa.Integer()),
                    sa.Column("d", sa.Integer()), sa.Column("e", sa.Integer()))
    op.execute("INSERT INTO positions VALUES (1, 2, 3, 4, 5)")
    if always == "always":
        with op.batch_alter_table("positions", recreate=always) as batch_op:
            batch_op.add_column(sa.Column("after_a", sa.Integer()), insert_after="a")
            batch_op.add_column(sa.Column("before_a", sa.Integer()), insert_before="a")
            batch_op.add_column(sa.Column("last", sa.Integer()))
            batch_op.add_column(sa.Column("after_e", sa.Integer(), server_default="9"), insert_after="e")
        with op.batch_alter_table("positions", recreate=always, partial_reordering=[("e", "d", "c"), ("b", "a")]) as batch_op:
            batch_op.drop_column("last")
        with op.batch_alter_table("positions", partial_reordering=[["c", "b"]], recreate=always) as batch_op:
            batch_op.alter_column("a", existing_type=sa.Integer(), new_column_name="renamed_a")
        with op.batch_alter_table("positions", recreate=always) as batch_op:
            batch_op.alter_column("renamed_a", existing_type=sa.Integer(), type_=sa.Text(), insert_before="e")
            batch_op.alter_column("b", existing_type=sa.Integer(), insert_after="d", nullable=True)


def downgrade():
    op.drop_table("positions")
