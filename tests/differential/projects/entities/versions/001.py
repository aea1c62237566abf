"""entities"""
import sqlalchemy as sa
from alembic import op
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_grant_table import PGGrantTable
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

revision = "001"
down_revision = None

to_low = PGFunction(
    schema="public",
    signature="toLow(some_text text DEFAULT 'A', times integer default 2)",
    definition="""
    RETURNS text LANGUAGE plpgsql AS $$
    declare result text := some_text::varchar;
    begin
        return repeat(lower(result), times);
    end; $$;
    """,
)
plain = PGFunction.from_sql('create  function public.plain(a integer) returns integer as $$ select a + 1 $$ language sql')
touch = PGFunction.from_sql("""
CREATE OR REPLACE FUNCTION public.touch()
RETURNS trigger LANGUAGE plpgsql AS $function$ begin new.name := 'x:y'; return new; end $function$
""")
before = PGTrigger(
    schema="public", signature="before", on_entity="public.account",
    definition="BEFORE INSERT OR UPDATE OF  only_name,\n name ON account FOR EACH ROW EXECUTE FUNCTION public.touch()",
)
behind = PGTrigger.from_sql(
    "create constraint trigger behind after insert on public.account deferrable for each row execute procedure public.touch()"
)
names = PGView(schema="public", signature="names", definition="SELECT name, id::text AS id FROM account;")
same = PGView.from_sql('create or replace view public."Same" as select * from names')
counts = PGMaterializedView(schema="public", signature="counts", definition="SELECT count(*) AS n FROM account")
empty = PGMaterializedView(schema="public", signature="empty", definition="SELECT 1 AS n;", with_data=False)
own = PGPolicy(schema="public", signature="own", on_entity="account", definition="for select to public using (id > 0)")
other = PGPolicy.from_sql("create policy other on account as permissive for insert with check (id < 9)")
read = PGGrantTable(schema="public", table="account", columns=["name", "id"], role="pg_monitor", grant="SELECT")
remove = PGGrantTable(schema="public", table="account", role="pg_monitor", grant="DELETE", with_grant_option=True)

ENTITIES = [to_low, plain, touch, before, behind, names, same, counts, empty, own, other, read, remove]


def upgrade():
    op.create_table("account", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)),
                    sa.Column("only_name", sa.Text))
    for entity in ENTITIES:
        op.create_entity(entity)


def downgrade():
    for entity in reversed(ENTITIES):
        op.drop_entity(entity)
    op.drop_table("account")
