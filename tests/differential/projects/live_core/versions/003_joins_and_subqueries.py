"""Joins and subqueries

Revision ID: lcore03
Revises: lcore02
Create Date: 2025-03-01 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lcore03"
down_revision = "lcore02"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("posts", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user_id", sa.Integer),
                    sa.Column("title", sa.String(40)))
    users = sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("age", sa.Integer))
    posts = sa.table("posts", sa.column("id", sa.Integer), sa.column("user_id", sa.Integer), sa.column("title", sa.String))
    bind = op.get_bind()
    bind.execute(posts.insert(), [{"id": 10, "user_id": 1, "title": "a"}, {"id": 11, "user_id": 1, "title": "b"},
                                  {"id": 12, "user_id": 3, "title": "c"}])
    joined = sa.select(users.c.id, sa.func.count(posts.c.id)).select_from(
        users.outerjoin(posts, posts.c.user_id == users.c.id)).group_by(users.c.id).order_by(users.c.id)
    for user_id, total in bind.execute(joined).fetchall():
        bind.execute(sa.update(users).where(users.c.id == user_id).values(age=total * 100))
    writers = sa.select(posts.c.user_id).where(posts.c.title.in_(["a", "c"])).distinct()
    names = [row[0] for row in bind.execute(sa.select(users.c.name).where(users.c.id.in_(writers)).order_by(users.c.id))]
    op.bulk_insert(posts, [{"id": 20 + i, "user_id": 2, "title": name[:40]} for i, name in enumerate(names)])
    p = posts.alias("p")
    silent = sa.select(users.c.id).where(~sa.exists().where(p.c.user_id == users.c.id)).order_by(users.c.id)
    ids = bind.execute(silent).scalars().all()
    bind.execute(posts.delete().where(posts.c.user_id.in_(ids)))
    op.execute(posts.insert().from_select(["id", "user_id", "title"],
                                          sa.select(p.c.id + 100, p.c.user_id, sa.func.upper(p.c.title)).where(p.c.id < 20)))
    sub = sa.select(posts.c.user_id, sa.func.max(posts.c.id).label("newest")).group_by(posts.c.user_id).subquery()
    for user_id, newest in bind.execute(sa.select(sub.c.user_id, sub.c.newest).order_by(sub.c.user_id)):
        bind.execute(posts.update().where(posts.c.id == newest).values(title=sa.case((posts.c.user_id == 1, "first"), else_="other")))


def downgrade():
    op.drop_table("posts")
