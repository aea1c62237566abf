"""insert().from_select(select())

Revision ID: ds01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ds01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    things = sa.table("things", sa.column("id", sa.Integer), sa.column("name", sa.String))
    op.create_table("things", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20)))
    op.execute(things.insert().values(id=1, name="one"))
    op.execute(things.insert().from_select(["id", "name"], sa.select(things.c.id + 10, things.c.name)))
    op.execute(things.update().where(things.c.id == sa.select(sa.func.max(things.c.id)).scalar_subquery()).values(name="largest"))


def downgrade():
    op.drop_table("things")
