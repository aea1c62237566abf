"""Renaming and several changes in one call

Revision ID: cp02
Revises: cp01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "cp02"
down_revision = "cp01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("products", "name", new_column_name="title")
    op.alter_column(table_name="products", column_name="price", new_column_name="cost", type_=sa.Float(), nullable=False,
                    server_default="2", comment="cents", existing_type=sa.Numeric(10, 2), existing_nullable=True,
                    existing_server_default=sa.text("1.5"), existing_comment=None, schema="public")
    op.alter_column("products", "title", existing_type=sa.String(40), server_default="untitled", mysql_collate="x",
                    autoincrement=False)
    op.rename_table("products", "goods", schema="public")


def downgrade() -> None:
    op.rename_table("goods", "products")
    op.alter_column("products", "title", server_default=None)
    op.alter_column("products", "cost", new_column_name="price", type_=sa.Numeric(10, 2), existing_type=sa.Float(),
                    nullable=True, server_default=sa.text("1.5"), comment=None)
    op.alter_column("products", "title", new_column_name="name")
