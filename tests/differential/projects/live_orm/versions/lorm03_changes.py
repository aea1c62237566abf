"""Changes

Revision ID: lorm03
Revises: lorm02
Create Date: 2025-03-01 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session, declarative_base, sessionmaker

revision = "lorm03"
down_revision = "lorm02"
branch_labels = None
depends_on = None

Base = declarative_base()


def shouted(context=None):
    return "by default"


class Stamped:
    note = sa.Column(sa.String(80), default=shouted, onupdate=lambda: "changed")


class User(Stamped, Base):
    __tablename__ = "users"

    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column("user_name", sa.String(50))
    email = sa.Column(sa.String(80))
    active = sa.Column(sa.Boolean, server_default=sa.true())
    age = sa.Column(sa.Integer)


class Team(Base):
    __tablename__ = "teams"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50))
    size = sa.Column(sa.Integer, default=7)


class Log(Base):
    __tablename__ = "log"
    id = sa.Column(sa.Integer, primary_key=True)
    line = sa.Column(sa.String(200))


def upgrade():
    session = sessionmaker(bind=op.get_bind())()

    def say(text):
        session.execute(sa.insert(Log).values(line=str(text)))

    for user in session.query(User).order_by(User.id).all():
        if user.email:
            user.email = user.email.lower() + ".invalid"
        user.name = user.name
    say(len(session.dirty) >= 3)
    session.flush()
    say(session.query(User).filter(User.email.like("%.invalid")).count())
    bob = session.query(User).filter(User.name == "Bob").one()
    bob.age = 40
    # A query sees what was changed before it.
    say(session.query(User.age).filter(User.name == "Bob").scalar())
    new = User(name="Eve", age=3)
    say(new.id)
    say(new.email)
    session.add(new)
    session.flush()
    say(new.id)
    say(new.note)
    say(new.active)
    teams = [Team(name="x"), Team(name="y", size=None), Team(name="z", size=2)]
    session.add_all(teams)
    session.commit()
    say([team.id for team in teams])
    say([team.size for team in teams])
    session.delete(teams[1])
    session.flush()
    say(session.query(Team).filter(Team.name.in_(["x", "y", "z"])).count())
    say(session.query(User).filter(User.age == None).update({"age": 1}))
    say(session.query(User).filter(User.id == 1).update({User.age: User.age + 1}, synchronize_session=False))
    session.execute(sa.update(User).where(User.name == "Dan").values(name="Daniel"))
    session.expire_all()
    say([user.name for user in session.query(User).order_by(User.id)])
    say(session.query(Team).filter(Team.name == "x").delete())
    session.bulk_insert_mappings(Team, [{"name": "bulk 1"}, {"name": "bulk 2", "size": 9}])
    with session.no_autoflush:
        bob.age = 41
        say(session.query(User.age).filter(User.name == "Bob").scalar())
    say(session.query(User.age).filter(User.name == "Bob").scalar())
    with Session(bind=op.get_bind()) as other:
        team = other.get(Team, 3)
        team.name = team.name + "!"
        other.commit()
        say(team.name)
        # Never written: nothing commits it.
        other.add(Team(name="lost"))
    session.commit()
    session.add(Team(name="lost too"))


def downgrade():
    op.execute("DELETE FROM users WHERE user_name = 'Eve'")
    op.execute("DELETE FROM teams WHERE id > 3")
    op.execute("UPDATE teams SET name = 'it''s green' WHERE id = 3")
