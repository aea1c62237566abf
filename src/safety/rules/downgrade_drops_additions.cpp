#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (!on_way_down(context)) return;
  for (const auto* drop : context.all<model::DropTable>())
    sink.add(rule, drop->table, "the way down drops " + display(drop->table) + " with its rows",
             "what was written to it since the way up is gone", named(context.chain, drop->table));
  for (const auto& [drop, table] : changes<model::DropColumn>(context))
    sink.add(rule, *table, "the way down drops column " + drop->column.text() + " of " + display(*table),
             "what was written to it since the way up is gone", named(context.chain, *table));
}

}  // namespace

const Rule kDowngradeDropsAdditions{
    .id = "downgrade-drops-additions",
    .group = Group::kDowngrade,
    .level = Level::kOff,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "The way down drops a table or a column",
    .catches = "DROP TABLE or DROP COLUMN on a way down.",
    .why =
        "What the application has written there since the way up is lost when the migration is taken back. Off unless "
        "asked for: every way down of a migration that adds something does it.",
    .safe_sql = "-- take back the release first, and keep a copy: CREATE TABLE {table}_kept AS SELECT * FROM {table};",
    .bad =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- downgrade\n"
        "DROP TABLE users;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY users_email ON users (email);\n"
        "-- downgrade\n"
        "DROP INDEX CONCURRENTLY users_email;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
