"""Batches over columns with checks of their own

Revision ID: ba07
Revises: ba06
Create Date: 2025-02-07 10:07:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba07"
down_revision = "ba06"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "checked",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("yes", sa.Boolean(create_constraint=True, name="checked_yes"), nullable=False),
        sa.Column("letter", sa.Enum("a", "b", native_enum=False, create_constraint=True, name="checked_letter")),
        sa.Column("number", sa.Integer(), sa.CheckConstraint("number > 0", name="checked_number")),
    )
    op.execute(sa.text("INSERT INTO checked (id, yes, letter) VALUES (1, :yes, 'a')").bindparams(yes=True))
    with op.batch_alter_table("checked") as batch_op:
        batch_op.alter_column("letter", existing_type=sa.Enum("a", "b", native_enum=False, name="checked_letter"), nullable=True,
                              new_column_name="character")
        batch_op.drop_constraint("checked_number", type_="check")


def downgrade():
    op.drop_table("checked")
