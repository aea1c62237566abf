"""Columns with checks of their own, added in a batch

Revision ID: bm01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bm01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "checked",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("yes", sa.Boolean(create_constraint=True, name="checked_yes"), nullable=False),
    )
    op.execute(sa.text("INSERT INTO checked (id, yes) VALUES (1, :yes)").bindparams(yes=True))
    with op.batch_alter_table("checked") as batch_op:
        batch_op.add_column(sa.Column("other", sa.Boolean(create_constraint=True, name="checked_other")))
        batch_op.add_column(sa.Column("other_letter", sa.Enum("x", "y", native_enum=False, create_constraint=True,
                                                              name="checked_other_letter")))


def downgrade():
    op.drop_table("checked")
