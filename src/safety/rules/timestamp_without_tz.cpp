#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

bool forgets_offset(const model::Type& type) {
  const auto* scalar = std::get_if<model::ScalarType>(&type);
  if (scalar == nullptr || scalar->timezone) return false;
  return scalar->kind == model::ScalarKind::kDateTime || scalar->kind == model::ScalarKind::kSqlTimestamp ||
         scalar->kind == model::ScalarKind::kSqlDatetime;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto& [table, column] : new_columns(context)) {
    if (!forgets_offset(column->type)) continue;
    sink.add(rule, *table,
             "column " + column->name.text() + " of " + display(*table) + " is a timestamp without a time zone",
             "the offset of what is written is dropped without a word",
             named(context.chain, *table, {{"column", spelled(context.chain, column->name)}}));
  }
}

}  // namespace

const Rule kTimestampWithoutTz{
    .id = "timestamp-without-tz",
    .group = Group::kStyle,
    .level = Level::kOff,
    .databases = kPostgres,
    .title = "A time without a zone",
    .catches = "A new column of type timestamp without time zone.",
    .why =
        "The offset of a value is dropped when it is written, and now() is written in the zone of the session: "
        "rows of two clients with different settings cannot be compared. timestamptz takes as much room and keeps "
        "the instant. To change later is free only in a session whose TimeZone is UTC, and rewrites the table in "
        "any other. Off unless asked for.",
    .safe_sql = "ALTER TABLE {table} ADD COLUMN {column} timestamptz;",
    .safe_alembic = "op.add_column('{table}', sa.Column('{column}', sa.DateTime(timezone=True)))",
    .bad =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, created_at timestamp);\n",
    .good =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, created_at timestamptz);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
