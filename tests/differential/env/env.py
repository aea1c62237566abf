"""The env.py that every project of the differential test is run with (the harness copies it beside the revisions).

What it does is the default of `alembic init`, except that each revision has a transaction of its own, as Bascule's have.
The harness passes the URL, the naming convention and a list that collects the SQL through the configuration's attributes.
"""

from alembic import context
from sqlalchemy import MetaData, create_engine, event, pool

attributes = context.config.attributes
naming_convention = attributes.get("naming_convention")
target_metadata = MetaData(naming_convention=naming_convention) if naming_convention else None
engine = create_engine(attributes["url"], poolclass=pool.NullPool)


@event.listens_for(engine, "before_cursor_execute")
def collect(connection, cursor, statement, parameters, execution_context, many):
    attributes["statements"].append(f"{statement.strip()}  {parameters}" if parameters else statement.strip())


with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
