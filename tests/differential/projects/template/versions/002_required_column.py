"""Add a nullable column, fill it, make it required

Revision ID: 002_required_column
Revises: 001_items
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "002_required_column"
down_revision = "001_items"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("INSERT INTO users (id, email) VALUES (1, 'Ann@Example.com')")
    op.execute("INSERT INTO items (user_id, name, created_at) VALUES (1, 'thing', '2024-01-01')")
    op.add_column("items", sa.Column("sku", sa.String(length=50), nullable=True))
    op.execute("UPDATE items SET sku = 'SKU-' || id WHERE sku IS NULL")
    op.alter_column("items", "sku", existing_type=sa.String(length=50), nullable=False)
    op.create_unique_constraint("uq_items_sku", "items", ["sku"])


def downgrade() -> None:
    op.drop_constraint("uq_items_sku", "items", type_="unique")
    op.drop_column("items", "sku")
    op.execute("DELETE FROM items")
    op.execute("DELETE FROM users")
