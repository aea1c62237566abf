#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (context.statement.meaning.statement_kind != "dropdb") return;
  sink.add(rule, {}, "a migration drops a whole database", "nothing brings it back but a backup");
}

}  // namespace

const Rule kDropDatabase{
    .id = "drop-database",
    .group = Group::kTables,
    .level = Level::kError,
    .databases = kPostgres,
    .title = "A database is dropped",
    .catches = "DROP DATABASE.",
    .why =
        "Every table of every schema goes. It cannot run in a transaction, so that nothing takes it back, and it is "
        "never a step from one state of the schema to the next.",
    .safe_sql = "-- by hand, by whoever runs the server, after a backup that was tried",
    .safe_alembic = "# by hand, by whoever runs the server, after a backup that was tried",
    .bad =
        "-- migration: drop\n"
        "DROP DATABASE shop;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: nothing\n"
        "COMMENT ON TABLE orders IS 'what was sold';\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
