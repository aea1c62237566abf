"""Tables

Revision ID: lapp01
Revises: 
Create Date: 2025-03-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op
from shop.base import HexId

revision = "lapp01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("items", sa.Column("id", HexId(), primary_key=True), sa.Column("name", sa.String(50)),
                    sa.Column("slug", sa.String(50)))
    op.create_table("parts", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)),
                    sa.Column("item_id", HexId(), sa.ForeignKey("items.id")))
    op.create_table("parts_copy", sa.Column("id", sa.Integer), sa.Column("name", sa.String(50)),
                    sa.Column("item_id", HexId()))
    op.execute("INSERT INTO items (id, name) VALUES ('000102030405060708090a0b0c0d0e0f', 'Red  Bike '), "
               "('100102030405060708090a0b0c0d0e0f', 'Lamp')")
    op.execute("INSERT INTO parts (id, name, item_id) VALUES (1, 'Wheel', '000102030405060708090a0b0c0d0e0f'), "
               "(2, 'Bulb', '100102030405060708090a0b0c0d0e0f'), (3, 'Chain', '000102030405060708090a0b0c0d0e0f')")


def downgrade():
    for table in ("parts_copy", "parts", "items"):
        op.drop_table(table)
