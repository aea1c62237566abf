"""Type changes between them

Revision ID: tm03
Revises: tm02
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "tm03"
down_revision = "tm02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("keyed", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("ref", sa.CHAR(32)))
    op.execute("INSERT INTO keyed (id, ref) VALUES (1, '12345678123456781234567812345678')")
    with op.batch_alter_table("keyed") as batch_op:
        batch_op.alter_column("ref", existing_type=sa.CHAR(32), type_=sa.Uuid(), postgresql_using="ref::uuid")


def downgrade() -> None:
    op.drop_table("keyed")
