"""Creation with create_table

Revision ID: ep01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import enum

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ep01"
down_revision = None
branch_labels = None
depends_on = None


class Animal(enum.Enum):
    CAT = "cat"
    DOG = "dog"


def upgrade():
    op.execute("CREATE SCHEMA zoo")
    op.create_table(
        "animals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("animal", postgresql.ENUM(Animal, name="animal")),
        sa.Column("again", postgresql.ENUM(Animal, name="animal", create_type=False)),
        sa.Column("capital", sa.Enum("A", "b'c", "ü", name="Capital Letters"), server_default="A"),
        sa.Column("in_schema", sa.Enum("x", "y", name="in_schema", schema="zoo")),
    )
    op.create_table(
        "cages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("inherits", sa.Enum("x", "y", name="inherits", inherit_schema=True)),
        sa.Column("inherits_not", sa.Enum("x", "y", name="inherits_not", inherit_schema=False)),
        sa.Column("array", postgresql.ARRAY(postgresql.ENUM("x", "y", name="in_array"))),
        schema="zoo",
    )
    op.execute("INSERT INTO animals (animal, in_schema) VALUES ('CAT', 'y')")


def downgrade():
    op.drop_table("cages", schema="zoo")
    op.drop_table("animals")
    bind = op.get_bind()
    postgresql.ENUM(name="animal").drop(bind)
    postgresql.ENUM(name="Capital Letters").drop(bind, checkfirst=True)
    sa.Enum(name="in_schema", schema="zoo").drop(bind)
    for name in ("zoo.inherits", "inherits_not", "in_array"):
        op.execute(f"DROP TYPE IF EXISTS {name}")
    op.execute("DROP SCHEMA zoo CASCADE")
