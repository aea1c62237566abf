"""Queries

Revision ID: lorm02
Revises: lorm01
Create Date: 2025-03-01 10:02:00.000000

"""
from datetime import date
from typing import Optional

import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

revision = "lorm02"
down_revision = "lorm01"
branch_labels = None
depends_on = None


class Base(DeclarativeBase):
    pass


user_tags = sa.Table("user_tags", Base.metadata, sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id")),
                     sa.Column("tag_id", sa.Integer, sa.ForeignKey("tags.id")))


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Optional[str]]
    size: Mapped[Optional[int]]
    users: Mapped[list["User"]] = relationship("User", back_populates="team")


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    name: Mapped[str] = mapped_column("user_name", sa.String)
    email: Mapped[str | None] = mapped_column(sa.String)
    active: Mapped[bool] = mapped_column(sa.Boolean)
    age: Mapped[int | None]
    born: Mapped[date | None] = mapped_column(sa.Date)
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    team: Mapped[Team | None] = relationship(Team, back_populates="users")
    tags: Mapped[list["Tag"]] = relationship("Tag", secondary=user_tags)

    @property
    def shout(self):
        return (self.name or "").upper()

    def describe(self):
        return f"{self.id}:{self.name}:{self.email}:{self.active}:{self.age}:{self.born}:{self.team_id}"


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]


class Log(Base):
    __tablename__ = "log"
    id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str]


def upgrade():
    session = Session(bind=op.get_bind())
    lines = []
    for user in session.query(User).order_by(User.id):
        lines.append(user.describe() + " " + user.shout)
    lines.append(str([u.name for u in session.query(User).filter(User.age > 25, User.active).order_by(User.name).all()]))
    lines.append(str(session.query(User).filter_by(name="Bob").one().id))
    lines.append(str(session.query(User).filter(User.name == "nobody").first()))
    lines.append(str(session.query(User).filter(User.name == "nobody").one_or_none()))
    lines.append(str(session.query(User).count()) + " " + str(session.query(User).filter(User.active).count()))
    lines.append(str([tuple(row) for row in session.query(User.id, User.name).order_by(User.id.desc()).limit(2)]))
    lines.append(str([row.name for row in session.query(User.name).filter(User.id.in_([1, 3])).order_by(User.id)]))
    lines.append(str(session.query(sa.func.max(User.age)).scalar()))
    lines.append(str(session.get(User, 1).name) + str(session.get(User, 99)))
    lines.append(str(session.get(User, 1) is session.query(User).filter_by(id=1).one()))
    lines.append(str([u.name for u in session.execute(sa.select(User).order_by(User.id)).scalars()]))
    lines.append(str([u.name for u in session.scalars(sa.select(User).where(User.team_id.is_(None)))]))
    lines.append(str([(u.name, t.name) for u, t in session.execute(
        sa.select(User, Team).join(Team, Team.id == User.team_id).order_by(User.id)).all()]))
    lines.append(str([u.name for u in session.query(User).join(Team).filter(Team.name == "red").order_by(User.id)]))
    lines.append(str([u.name for u in session.query(User).options(orm.load_only(User.id, User.name)).order_by(User.id)]))
    for user in session.query(User).order_by(User.id):
        tags = sorted(tag.label for tag in user.tags)
        lines.append(f"{user.name} {tags} {user.team.name if user.team else None}")
    for team in session.query(Team).order_by(Team.id):
        lines.append(team.name + str(sorted(user.name for user in team.users)))
    lines.append(str(session.query(User).filter(sa.exists().where(Team.id == User.team_id, Team.name == "blue")).count()))
    lines.append(str([row[0] for row in op.get_bind().execute(sa.select(User).order_by(User.id)).all()]))
    try:
        session.query(User).one()
    except sa.orm.exc.MultipleResultsFound:
        lines.append("several")
    session.add_all([Log(line=line) for line in lines])
    session.commit()


def downgrade():
    op.execute("DELETE FROM log")
