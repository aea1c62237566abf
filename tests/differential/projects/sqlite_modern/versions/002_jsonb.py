"""sqlite.JSONB where the server has it

Revision ID: sm02
Revises: sm01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "sm02"
down_revision = "sm01"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("documents", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body", sa.JSON()))
    op.execute("""INSERT INTO documents VALUES (1, '{"a": 1}')""")


def downgrade():
    op.drop_table("documents")
