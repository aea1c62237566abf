#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const dialects::Touch& touch : context.statement.meaning.touches) {
    if (!touch.relation.schema.empty() || touch.kind == dialects::Touch::Kind::kRead ||
        touch.kind == dialects::Touch::Kind::kWrite)
      continue;
    sink.add(rule, touch.relation,
             display(touch.relation) + " is named without a schema: search_path decides which one is meant",
             "a role or a connection pool with another search_path makes or changes another table",
             named(context.chain, touch.relation));
    return;
  }
}

}  // namespace

const Rule kSchemaUnqualified{
    .id = "schema-unqualified",
    .group = Group::kStyle,
    .level = Level::kOff,
    .databases = kPostgres,
    .title = "A table without its schema",
    .catches = "A statement that makes, changes or drops a table without naming its schema. One finding a statement.",
    .why =
        "The name is looked up along the search_path of whoever runs the migration, which may differ from the one "
        "of whoever wrote it. Off unless asked for.",
    .safe_sql = "ALTER TABLE public.{table} ...;",
    .safe_alembic = "op.add_column('{table}', sa.Column(...), schema='public')",
    .bad =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY);\n",
    .good =
        "-- migration: users\n"
        "CREATE TABLE public.users (id bigint PRIMARY KEY);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
