#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const auto say = [&](const QualifiedName& table, const std::string& what) {
    if (context.is_new(table)) return;
    sink.add(rule, table,
             what + ": statements that connections have prepared over " + display(table) +
                 " may fail once with \"cached plan must not change result type\"",
             "a prepared SELECT * (or a SELECT of that column) was planned for the columns and types of before");
  };
  for (const auto* add : context.all<model::AddColumn>())
    return say(add->table, "column " + add->column.name.text() + " is added");
  for (const auto* alter : context.all<model::AlterColumn>())
    if (alter->type) return say(alter->table, "the type of column " + alter->column.text() + " changes");
}

}  // namespace

const Rule kCachedPlan{
    .id = "cached-plan",
    .group = Group::kColumns,
    .level = Level::kOff,
    .databases = kPostgres,
    .title = "Prepared statements meet other columns",
    .catches = "ADD COLUMN or a change of type on a table that was there before.",
    .why =
        "PostgreSQL plans a prepared statement again when the table changes, but refuses to return other columns or "
        "types than those that it has announced: SELECT * after ADD COLUMN, SELECT v after v became text (measured on "
        "11 to 18). Drivers that prepare statements by themselves (JDBC, asyncpg, pgx) show it once in each pooled "
        "connection. Off unless asked for: most applications name their columns.",
    .safe_sql =
        "-- name the columns in queries instead of SELECT *; after the migration, in each pooled connection:\n"
        "DEALLOCATE ALL;",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .good =
        "-- migration: a table that nobody uses yet\n"
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
