"""Session

Revision ID: lsession02
Revises: lsession01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm
from sqlalchemy.orm import Session, sessionmaker

revision = "lsession02"
down_revision = "lsession01"
branch_labels = None
depends_on = None


def upgrade():
    users = sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("age", sa.Integer))
    session = Session(bind=op.get_bind())
    for row in session.execute(sa.select(users.c.id, users.c.name).order_by(users.c.id)).mappings():
        session.execute(sa.update(users).where(users.c.id == row["id"]).values(age=len(row["name"])))
    session.commit()
    maker = sessionmaker(bind=op.get_bind())
    other = maker()
    total = other.execute(sa.text("SELECT sum(age) FROM users")).scalar()
    other.execute(sa.text("INSERT INTO users (id, name, age) VALUES (:id, :name, :age)"),
                  {"id": 6, "name": "total", "age": int(total)})
    other.flush()
    other.close()
    with orm.Session(bind=op.get_bind()) as third:
        ids = third.execute(sa.select(users.c.id).order_by(users.c.id)).scalars().all()
        third.execute(users.insert(), [{"id": 10 + i, "name": f"copy of {i}", "age": i} for i in ids])
        third.commit()


def downgrade():
    op.execute("DELETE FROM users WHERE id >= 6")
