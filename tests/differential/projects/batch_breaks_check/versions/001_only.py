"""A column in a check renamed

Revision ID: bx01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bx01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("odd", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("camelCase", sa.String(10)),
                    sa.CheckConstraint('"camelCase" <> \'\'', name="odd_check"))
    with op.batch_alter_table("odd") as batch_op:
        batch_op.alter_column("camelCase", existing_type=sa.String(10), new_column_name="Camel Case")


def downgrade():
    op.drop_table("odd")
