"""alter_column, each keyword alone

Revision ID: cp01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "cp01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(20), nullable=True),
        sa.Column("price", sa.Integer(), server_default="0"),
        sa.Column("active", sa.String(5), server_default="true"),
        sa.Column("noted", sa.Text(), comment="before"),
        sa.Column("data", sa.Text()),
        sa.Column("when", sa.DateTime()),
    )
    op.execute("INSERT INTO products (name, price, active, data) VALUES ('a', 5, 'true', '[1]'), ('b', 7, 'false', '{}')")
    op.alter_column("products", "name", nullable=False)
    op.alter_column("products", "name", existing_type=sa.String(20), type_=sa.String(length=40))
    op.alter_column("products", "price", type_=sa.Numeric(10, 2), existing_type=sa.Integer(), existing_server_default="0")
    op.alter_column("products", "price", server_default=sa.text("1.5"))
    op.alter_column("products", "active", server_default=None)
    op.alter_column("products", "active", type_=sa.Boolean(), existing_type=sa.String(5), postgresql_using="active::boolean")
    op.alter_column("products", "active", server_default=sa.true(), nullable=False)
    op.alter_column("products", "noted", comment="it's after")
    op.alter_column("products", "data", type_=sa.JSON(), postgresql_using="data::json")
    op.alter_column("products", "data", comment="new", existing_comment=None)
    op.alter_column("products", "data", comment=None, existing_comment="new")
    op.alter_column("products", "when", type_=sa.DateTime(timezone=True), existing_type=sa.DateTime(),
                    existing_nullable=True, postgresql_using="\"when\" AT TIME ZONE 'UTC'")
    op.alter_column("products", "when", server_default=sa.func.now())


def downgrade() -> None:
    op.drop_table("products")
