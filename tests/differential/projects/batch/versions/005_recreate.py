"""recreate=always, never and auto

Revision ID: ba05
Revises: ba04
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ba05"
down_revision = "ba04"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("lone", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(9), server_default="n"),
                    sa.UniqueConstraint("name", name="lone_name"), sa.CheckConstraint("id < 99", name="lone_check"))
    op.create_index("lone_index", "lone", ["name", "id"])
    op.execute("INSERT INTO lone (id, name) VALUES (1, 'a'), (2, 'b')")
    with op.batch_alter_table("lone", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as batch_op:
        batch_op.add_column(sa.Column("always", sa.Integer(), server_default="3"))
    with op.batch_alter_table("lone", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("never", sa.Integer(), server_default="4"))
    with op.batch_alter_table("lone", recreate="auto") as batch_op:
        batch_op.add_column(sa.Column("auto", sa.Integer(), server_default="5"))
    with op.batch_alter_table("lone") as batch_op:
        pass
    with op.batch_alter_table(table_name="lone", schema=None, recreate="auto") as batch_op:
        batch_op.execute("UPDATE lone SET always = 30 WHERE id = 2")
        batch_op.create_index("lone_always", ["always"])


def downgrade():
    with op.batch_alter_table("lone") as batch_op:
        batch_op.drop_index("lone_always")
        batch_op.drop_column("auto")
        batch_op.drop_column("never")
        batch_op.drop_column("always")
    op.drop_table("lone")
