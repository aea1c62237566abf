#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto& [table, column] : new_columns(context)) {
    const std::string type = type_text(context.chain, column->type);
    if (!type.starts_with("varchar(") && !type.starts_with("character varying(")) continue;
    sink.add(rule, *table,
             "column " + column->name.text() + " of " + display(*table) + " is " + type +
                 ": text with a CHECK is easier to change",
             "a longer limit is free, a shorter one rewrites the table",
             named(context.chain, *table, {{"column", spelled(context.chain, column->name)}}));
  }
}

}  // namespace

const Rule kPreferText{
    .id = "prefer-text",
    .group = Group::kStyle,
    .level = Level::kOff,
    .databases = kPostgres,
    .title = "A text with a length",
    .catches = "A new column of type varchar(n).",
    .why =
        "varchar(n) and text are stored alike. To raise the limit is free, to lower it or to take on one rewrites "
        "the table under ACCESS EXCLUSIVE. A CHECK on a text column is added NOT VALID and validated while "
        "everybody works. Off unless asked for.",
    .safe_sql =
        "ALTER TABLE {table} ADD COLUMN {column} text;\n"
        "ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_length CHECK (length({column}) <= 100) NOT VALID;",
    .safe_alembic =
        "op.add_column('{table}', sa.Column('{column}', sa.Text()))\n"
        "op.create_check_constraint('{table}_{column}_length', '{table}', \"length({column}) <= 100\", "
        "postgresql_not_valid=True)",
    .bad =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(100));\n",
    .good =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
