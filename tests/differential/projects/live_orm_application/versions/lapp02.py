"""Rows

Revision ID: lapp02
Revises: lapp01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from shop.models import Item, Part
from shop.tools import copy_rows, part_names, slug_of
from sqlalchemy import orm

revision = "lapp02"
down_revision = "lapp01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    count = copy_rows("parts", "parts_copy", bind)
    session = orm.Session(bind=bind)
    for item in session.query(Item).options(orm.load_only(Item.name)).all():
        session.execute(sa.text(f"UPDATE {Item.__tablename__} SET slug = :slug WHERE id = :id").bindparams(
            slug=slug_of(item.name) + str(count), id=item.id.hex))
        item.name = Item.normalize(item.name)
    for part in session.query(Part).options(orm.load_only(Part.id, Part.item_id)).filter(Part.name != "Bulb").all():
        part.name = f"{part.name} of {part.item_id}"
    session.commit()
    op.get_bind().execute(sa.text("INSERT INTO parts_copy (id, name) VALUES (99, :names)").bindparams(
        names=", ".join(name[:5] for name in part_names(session))))


def downgrade():
    op.execute("DELETE FROM parts_copy")
    op.execute("UPDATE items SET slug = NULL")
