"""recreate=always

Revision ID: bp01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bp01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("lone", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(9), server_default="n"),
                    sa.UniqueConstraint("name", name="lone_name"))
    with op.batch_alter_table("lone", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("always", sa.Integer(), server_default="3"))


def downgrade():
    op.drop_table("lone")
