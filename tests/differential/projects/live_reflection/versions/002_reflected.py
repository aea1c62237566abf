"""Reflected

Revision ID: lreflect02
Revises: lreflect01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lreflect02"
down_revision = "lreflect01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    metadata = sa.MetaData()
    users = sa.Table("users", metadata, autoload_with=bind)
    names = sorted(c.name for c in users.columns)
    assert names == ["active", "age", "email", "id", "name"], names
    for row in bind.execute(sa.select(users).where(users.c.active == sa.true()).order_by(users.c.id)):
        bind.execute(users.update().where(users.c.id == row.id).values(email=f"{row.id}@example.org"))
    op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.Text, nullable=False))
    notes = sa.Table("notes", metadata, autoload_with=bind)
    for text in ("first", "second"):
        result = bind.execute(notes.insert().values(text=text))
        (key,) = result.inserted_primary_key
        bind.execute(notes.update().where(notes.c.id == key).values(text=f"{text} has key {key}"))


def downgrade():
    op.drop_table("notes")
