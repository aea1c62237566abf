"""Identity added, changed and dropped; computed dropped

Revision ID: cp04
Revises: cp03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "cp04"
down_revision = "cp03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "numbered",
        sa.Column("a", sa.Integer(), nullable=False),
        sa.Column("b", sa.Integer(), sa.Identity(always=False, start=3), nullable=False),
        sa.Column("c", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("d", sa.Integer(), sa.Identity(), nullable=False),
    )
    op.alter_column("numbered", "a", server_default=sa.Identity(always=True, start=100, increment=10), existing_nullable=False,
                    existing_server_default=None, existing_type=sa.Integer())
    op.alter_column("numbered", "b", server_default=sa.Identity(always=True, start=4, cycle=True, cache=7),
                    existing_server_default=sa.Identity(always=False, start=3), existing_type=sa.Integer())
    op.alter_column("numbered", "c", server_default=None, existing_server_default=sa.Identity(always=True))
    op.alter_column("numbered", "d", server_default=sa.Identity(minvalue=-5, maxvalue=5000, increment=2),
                    existing_server_default=sa.Identity())
    op.execute("INSERT INTO numbered (c) VALUES (1), (2)")


def downgrade() -> None:
    op.drop_table("numbered")
