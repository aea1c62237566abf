"""Concurrently, in autocommit blocks

Revision ID: ip102
Revises: ip101
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ip102"
down_revision = "ip101"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("d", sa.Column("before", sa.Integer(), server_default="1"))
    with op.get_context().autocommit_block():
        op.create_index("d_concurrent", "d", ["before"], postgresql_concurrently=True)
        op.create_index(op.f("ix_d_two"), "d", ["before", "name"], unique=True, postgresql_concurrently=True,
                        postgresql_where=sa.text("name <> 'x%'"))
    op.add_column("d", sa.Column("after", sa.Integer(), server_default="2"))
    with op.get_context().autocommit_block():
        op.drop_index("d_hash", table_name="d", postgresql_concurrently=True)
        op.execute("REINDEX INDEX CONCURRENTLY d_concurrent")


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(op.f("ix_d_two"), table_name="d", postgresql_concurrently=True)
        op.drop_index("d_concurrent", table_name="d", postgresql_concurrently=True)
        op.create_index("d_hash", "d", ["name"], postgresql_using="hash", postgresql_concurrently=True)
    op.drop_column("d", "after")
    op.drop_column("d", "before")
