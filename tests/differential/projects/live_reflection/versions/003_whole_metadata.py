"""Whole metadata

Revision ID: lreflect03
Revises: lreflect02
Create Date: 2025-03-01 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lreflect03"
down_revision = "lreflect02"
branch_labels = None
depends_on = None


def upgrade():
    metadata = sa.MetaData()
    metadata.reflect(bind=op.get_bind(), only=["users"])
    users = metadata.tables["users"]
    conn = op.get_bind()
    total = conn.execute(sa.select(sa.func.sum(users.c.age))).scalar()
    conn.execute(users.update().where(users.c.id == 1).values(age=int(total)))


def downgrade():
    pass
