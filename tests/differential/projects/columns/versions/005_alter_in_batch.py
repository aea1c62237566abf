"""alter_column in batches, each keyword

Revision ID: co05
Revises: co04
Create Date: 2025-02-05 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "co05"
down_revision = "co04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("full_name", existing_type=sa.String(50), type_=sa.String(100), nullable=False,
                              existing_nullable=True)
        batch_op.alter_column("flag", existing_type=sa.Boolean(), server_default=sa.true(),
                              existing_server_default=sa.false())
        batch_op.alter_column("with_default", server_default=None, existing_server_default="x",
                              existing_type=sa.String(10), existing_nullable=False)
        batch_op.alter_column("both_keywords", existing_type=sa.Integer(), type_=sa.BigInteger(), autoincrement=False)
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column(column_name="both_keywords", existing_type=sa.BigInteger, type_=sa.Text,
                              existing_comment=None)
        batch_op.alter_column("commented", comment="another comment", existing_comment="what it's for",
                              existing_type=sa.Text())


def downgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("commented", comment="what it's for", existing_comment="another comment")
        batch_op.alter_column("both_keywords", server_default=None)
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("both_keywords", existing_type=sa.Text(), type_=sa.Integer(), server_default=sa.text("7"),
                              postgresql_using="both_keywords::integer")
        batch_op.alter_column("with_default", server_default="x", existing_type=sa.String(10))
        batch_op.alter_column("flag", existing_type=sa.Boolean(), server_default=sa.false())
        batch_op.alter_column("full_name", existing_type=sa.String(100), type_=sa.String(50), nullable=True)
