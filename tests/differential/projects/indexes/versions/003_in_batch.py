"""create_index and drop_index in batches

Revision ID: ix03
Revises: ix02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ix03"
down_revision = "ix02"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("t") as batch_op:
        batch_op.create_index("t_batch", ["a", "c"])
        batch_op.create_index(batch_op.f("ix_t_unique"), ["c", "b"], unique=True)
        batch_op.create_index("t_batch_where", ["a"], sqlite_where=sa.text("a > 3"), postgresql_where=sa.text("a > 3"))
        batch_op.drop_index("t_a")
    with op.batch_alter_table("t", recreate="never") as batch_op:
        batch_op.create_index(index_name="t_never", columns=["a"], unique=False)
        batch_op.create_index("t_expression", [sa.text("lower(b)"), "a"])


def downgrade():
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_index("t_expression")
        batch_op.drop_index(index_name="t_never")
        batch_op.create_index("t_a", ["a"], unique=False)
        batch_op.drop_index("t_batch_where", sqlite_where=sa.text("a > 3"))
        batch_op.drop_index(batch_op.f("ix_t_unique"))
        batch_op.drop_index("t_batch")
