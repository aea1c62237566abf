#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto& [table, column] : new_columns(context)) {
    const std::string type = type_text(context.chain, column->type);
    if (type != "char" && type != "character" && type != "bpchar" && !type.starts_with("char(") &&
        !type.starts_with("character(") && !type.starts_with("bpchar("))
      continue;
    sink.add(
        rule, *table,
        "column " + column->name.text() + " of " + display(*table) + " is " + type + ": values are padded with blanks",
        "blanks at the end count as if they were not there, and come back when the value is read",
        named(context.chain, *table, {{"column", spelled(context.chain, column->name)}}));
  }
}

}  // namespace

const Rule kCharType{
    .id = "char-type",
    .group = Group::kStyle,
    .level = Level::kOff,
    .databases = kPostgres,
    .title = "A text that is padded with blanks",
    .catches = "A new column of type char(n).",
    .why =
        "PostgreSQL pads values with blanks up to the length, stores the blanks, and ignores them in comparisons: "
        "LIKE, regular expressions and the application see other texts than were written. It is no faster than "
        "text. Off unless asked for.",
    .safe_sql = "ALTER TABLE {table} ADD COLUMN {column} text;",
    .safe_alembic = "op.add_column('{table}', sa.Column('{column}', sa.Text()))",
    .bad =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, country char(2));\n",
    .good =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, country text);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
