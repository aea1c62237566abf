"""AUTOINCREMENT, ON CONFLICT

Revision ID: bi01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bi01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("counted", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(10)),
                    sqlite_autoincrement=True)
    op.execute("INSERT INTO counted (name) VALUES ('a'), ('b')")
    op.execute("DELETE FROM counted WHERE name = 'b'")
    with op.batch_alter_table("counted", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer()))
    op.execute("INSERT INTO counted (name) VALUES ('c')")
    op.create_table("conflict", sa.Column("a", sa.Integer()), sa.UniqueConstraint("a", name="conflict_a", sqlite_on_conflict="IGNORE"))
    with op.batch_alter_table("conflict", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer()))


def downgrade():
    op.drop_table("conflict")
    op.drop_table("counted")
