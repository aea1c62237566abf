import sqlalchemy as sa

from .models import Part

SEPARATOR = "-"


def slug_of(text):
    return SEPARATOR.join(part for part in text.lower().split() if part)


def copy_rows(source, target, bind):
    """Copies the rows of one table to another."""
    if bind.dialect.name == "postgresql":
        bind.execute(sa.text(f'INSERT INTO "{target}" SELECT * FROM "{source}"'))
    else:
        bind.execute(sa.text(f"INSERT INTO {target} SELECT * FROM {source}"))
    return bind.execute(sa.text(f"SELECT count(*) FROM {target}")).scalar()


def part_names(session):
    return [part.name for part in session.query(Part).order_by(Part.id)]
