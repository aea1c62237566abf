"""Primary keys

Revision ID: ba04
Revises: ba03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba04"
down_revision = "ba03"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("child") as batch_op:
        batch_op.drop_constraint("child_pk", type_="primary")
        batch_op.create_primary_key("child_pk_new", ["id", "code"])
    op.create_table("keyless", sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.Integer()))
    op.execute("INSERT INTO keyless VALUES (1, 2), (3, 4)")
    with op.batch_alter_table("keyless") as batch_op:
        batch_op.create_primary_key("keyless_pk", ["a"])


def downgrade():
    op.drop_table("keyless")
    with op.batch_alter_table("child") as batch_op:
        batch_op.drop_constraint("child_pk_new", type_="primary")
        batch_op.create_primary_key("child_pk", ["id"])
