"""entities replaced"""
from alembic import op
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_grant_table import PGGrantTable
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

revision = "002"
down_revision = "001"


def entities(new):
    return [
        PGFunction("public", "plain(a integer)", f"returns integer language sql as $$ select a + {2 if new else 1} $$"),
        PGTrigger("public", "before", f"{'AFTER' if new else 'BEFORE'} INSERT ON account FOR EACH ROW EXECUTE FUNCTION touch()",
                  "public.account"),
        PGMaterializedView("public", "counts", f"SELECT count(*) + {int(new)} AS n FROM account", True),
        PGPolicy("public", "own", f"for select using (id > {int(new)})", "public.account"),
        PGGrantTable("public", "account", "pg_monitor", "DELETE", with_grant_option=not new),
    ]


def upgrade():
    for entity in entities(True):
        op.replace_entity(entity)
    op.replace_entity(PGView("public", "Same", "select id, name from account"))
    op.drop_entity(PGView("public", "names", "select 1"), cascade=True)


def downgrade():
    for entity in entities(False):
        op.replace_entity(entity)
    op.create_entity(PGView("public", "names", "SELECT name, id::text AS id FROM account"))
    op.replace_entity(PGView("public", "Same", "select * from names"))
