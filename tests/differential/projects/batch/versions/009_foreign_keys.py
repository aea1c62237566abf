"""Foreign keys with every keyword, in batches

Revision ID: ba09
Revises: ba08
Create Date: 2025-02-09 10:09:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba09"
down_revision = "ba08"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.String(5), unique=True))
    op.create_table("two", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()),
                    sa.Column("b", sa.Integer()), sa.Column("c", sa.String(5)))
    op.execute("INSERT INTO one (id, code) VALUES (1, 'x')")
    op.execute("INSERT INTO two (id, a, c) VALUES (1, 1, 'x')")
    with op.batch_alter_table("two") as batch_op:
        batch_op.create_foreign_key("two_a", "one", ["a"], ["id"], deferrable=True, initially="DEFERRED")
        batch_op.create_foreign_key("two_b", "one", ["b"], ["id"], deferrable=False, onupdate="CASCADE", ondelete="RESTRICT")
        batch_op.create_foreign_key(constraint_name="two_c", referent_table="one", local_cols=["c"], remote_cols=["code"],
                                    match=None, referent_schema=None, use_alter=True)
    with op.batch_alter_table("two", recreate="auto") as batch_op:
        batch_op.execute("UPDATE two SET b = 1 WHERE id = 2", execution_options={"stream_results": False})
        batch_op.alter_column("c", existing_type=sa.String(5), nullable=False, existing_nullable=True, type_=sa.String(7))


def downgrade():
    op.drop_table("two")
    op.drop_table("one")
