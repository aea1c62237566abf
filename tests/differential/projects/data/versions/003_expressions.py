"""execute of expressions

Revision ID: da03
Revises: da02
Create Date: 2025-02-03 10:03:00.000000

"""
import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy import column, table
from sqlalchemy.sql import and_, func, or_

revision = "da03"
down_revision = "da02"
branch_labels = None
depends_on = None

things = table("things", column("id", sa.Integer), column("name", sa.String), column("number", sa.Integer),
               column("price", sa.Numeric), column("flag", sa.Boolean), column("moment", sa.DateTime), column("text", sa.Text),
               column("document", sa.JSON))


def upgrade() -> None:
    op.execute(things.update().where(things.c.name == "one").values(number=things.c.number + 1, text="updated"))
    op.execute(things.update().where(things.c.name == op.inline_literal("two")).values({"text": op.inline_literal("lit'eral")}))
    op.execute(sa.update(things).where(things.c.id > 1000, things.c.id < 1002).values(flag=True, price=1.5))
    op.execute(things.update().where(and_(things.c.flag.is_(None), or_(things.c.number.is_(None), things.c.number > 50)))
               .values({things.c.text: sa.null(), "number": sa.case((things.c.id > 5, 1), else_=2)}))
    op.execute(things.insert().values(id=4000, name="inserted", moment=datetime.datetime(2020, 1, 2, 3, 4, 5), flag=False))
    op.execute(sa.insert(things).values([{"id": 4001, "name": "a"}, {"id": 4002, "name": "b"}]))
    op.execute(things.insert().values(id=4003, name=sa.func.upper("shout"), text=sa.text("'as ' || 'text'"), document={"k": [1]}))
    op.execute(things.insert().values(id=14000, name="inserted"))
    op.execute(things.delete().where(things.c.id.in_([4001, 3001])))
    op.execute(sa.delete(things).where(things.c.name.like("n%"), ~things.c.id.between(1000, 1000)))
    op.execute(things.update().where(things.c.name != "x").where(things.c.moment.isnot(None)).values(text=func.lower(things.c.name)))
    op.execute(things.update().values(number=func.coalesce(things.c.number, 0)))
    op.execute(things.update().where(things.c.id.notin_([1, 2, 3])).values(price=sa.cast(things.c.number, sa.Numeric(10, 2)) * 2))
    op.execute(things.update().where(sa.not_(things.c.name.in_(["a", "b"]))).values(text=things.c.name.concat("!")))
    op.execute(things.update().where(things.c.name.startswith("in")).values(text=things.c.name + "-" + sa.literal("suffix")))
    op.execute(things.update().where(sa.text("id = 3002")).values(text=sa.literal_column("'from column'")))
    op.execute(things.update().where(things.c["id"] == 14000).values(text="largest"))


def downgrade() -> None:
    op.execute(things.delete().where(things.c.id >= op.inline_literal(4000)))
    op.execute(things.update().values(text=None))
