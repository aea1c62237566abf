"""COLLATE

Revision ID: bc01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bc01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("collated", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(10, collation="NOCASE")))
    op.execute("INSERT INTO collated VALUES (1, 'a'), (2, 'A')")
    with op.batch_alter_table("collated", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer()))


def downgrade():
    op.drop_table("collated")
