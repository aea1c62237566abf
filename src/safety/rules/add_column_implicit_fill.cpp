#include <string>

#include "dialects/mariadb/column_type.h"
#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// What the server puts into the rows that are there.
std::string filled_with(const model::Column& column) {
  const auto* raw = std::get_if<model::RawType>(&column.type);
  if (raw == nullptr) return "the type's zero";
  const dialects::mariadb::ColumnType type = dialects::mariadb::read_type(raw->sql);
  if (type.base == "enum") return type.values.empty() ? "the first value" : "'" + type.values.front() + "'";
  if (type.is_text()) return "''";
  if (type.is_number() || type.base == "bit" || type.base == "year") return "0";
  if (type.base == "date") return "'0000-00-00'";
  if (type.base == "datetime" || type.base == "timestamp") return "'0000-00-00 00:00:00'";
  if (type.base == "time") return "'00:00:00'";
  return "the type's zero";
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const model::AddColumn* add : context.all<model::AddColumn>()) {
    const model::Column& column = add->column;
    if (column.nullable || column.server_default || column.computed || column.autoincrement) continue;
    if (context.harmless(add->table) || !context.statement.impact.refused.empty()) continue;
    const std::string name = column.name.text();
    sink.add(rule, add->table,
             "the rows of " + display(add->table) + " get " + filled_with(column) + " in " + name +
                 ", and INSERTs that do not name it fail",
             "the column is NOT NULL and has no default: the server fills it with the type's own zero, without a word "
             "even in strict mode; a release that does not know the column cannot insert any more",
             named(context.chain, add->table, {{"column", spelled(context.chain, column.name)}}));
  }
}

}  // namespace

const Rule kAddColumnImplicitFill{
    .id = "add-column-implicit-fill",
    .group = Group::kColumns,
    .level = Level::kWarning,
    .databases = kMariadb,
    .title = "A required column is filled with zeros",
    .catches = "ADD COLUMN ... NOT NULL without a default, on a table that was there before.",
    .why =
        "MariaDB does not refuse it, as others do: old rows get 0, '' or '0000-00-00', also in strict mode (measured "
        "on "
        "10.11), which look like values that somebody wrote. And the release that is running does not name the column: "
        "its INSERTs fail in strict mode (no default value).",
    .safe_sql =
        "-- a default that is meant, or none of both until the rows are filled\n"
        "ALTER TABLE {table} ADD COLUMN {column} ... NOT NULL DEFAULT ..., ALGORITHM=INSTANT;\n"
        "ALTER TABLE {table} ADD COLUMN {column} ... NULL, ALGORITHM=INSTANT;",
    .bad =
        "CREATE TABLE users (id INT PRIMARY KEY);\n"
        "-- migration: born\n"
        "ALTER TABLE users ADD COLUMN born DATE NOT NULL;\n",
    .good =
        "CREATE TABLE users (id INT PRIMARY KEY);\n"
        "-- migration: born\n"
        "ALTER TABLE users ADD COLUMN born DATE NULL;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
