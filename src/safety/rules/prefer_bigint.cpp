#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

bool is_small(const std::string& type) { return type == "integer" || type == "smallint" || type == "int"; }

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto& [table, column] : new_columns(context)) {
    const std::string type = type_text(context.chain, column->type);
    if (!is_small(type)) continue;
    sink.add(rule, *table,
             "column " + column->name.text() + " of " + display(*table) + " is " + type + ": it may run out",
             type == "smallint" ? "it ends at 32,767" : "it ends at 2,147,483,647",
             named(context.chain, *table, {{"column", spelled(context.chain, column->name)}}));
  }
}

}  // namespace

const Rule kPreferBigint{
    .id = "prefer-bigint",
    .group = Group::kStyle,
    .level = Level::kOff,
    .databases = kPostgres,
    .title = "A number that may run out",
    .catches = "A new column of type integer, smallint or serial.",
    .why =
        "A key that runs out stops every INSERT, and to widen it then rewrites the table and its indexes under "
        "ACCESS EXCLUSIVE, and those of every table that refers to it. Four bytes a row are cheap beside that. Off "
        "unless asked for.",
    .safe_sql = "ALTER TABLE {table} ADD COLUMN {column} bigint;",
    .safe_alembic = "op.add_column('{table}', sa.Column('{column}', sa.BigInteger()))",
    .bad =
        "-- migration: orders\n"
        "CREATE TABLE orders (id integer PRIMARY KEY);\n",
    .good =
        "-- migration: orders\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
