#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Names under which the time of a row's making, or of its last change, goes.
constexpr auto kMade = std::to_array<std::string_view>(
    {"created_at", "created", "created_on", "inserted_at", "creation_date", "date_created", "create_time"});
constexpr auto kChanged = std::to_array<std::string_view>(
    {"updated_at", "updated", "updated_on", "modified_at", "modified", "last_modified", "date_updated", "update_time"});

template <std::size_t N>
bool has_one(const model::Table& table, const std::array<std::string_view, N>& wanted) {
  return std::any_of(table.columns.begin(), table.columns.end(), [&](const model::Column& column) {
    return std::find(wanted.begin(), wanted.end(), to_lower_ascii(column.name.text())) != wanted.end();
  });
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* create : context.all<model::CreateTable>()) {
    const model::Table& table = create->table;
    // A table of pairs, a partition, a temporary table: no timestamps of their own.
    if (table.columns.size() < 3 || !table.prefixes.empty() || !table.postgresql.partition_of.name.empty()) continue;
    std::vector<std::string> missing;
    if (!has_one(table, kMade)) missing.emplace_back("created_at");
    if (!has_one(table, kChanged)) missing.emplace_back("updated_at");
    if (missing.empty()) continue;
    sink.add(rule, table.name, "table " + display(table.name) + " has no " + enumeration(missing),
             "when a row was made or changed cannot be told later", named(context.chain, table.name));
  }
}

}  // namespace

const Rule kTimestampsMissing{
    .id = "timestamps-missing",
    .group = Group::kStyle,
    .level = Level::kOff,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A table without timestamps",
    .catches =
        "A new table of three columns or more without created_at and updated_at (or a usual other name of theirs).",
    .why =
        "The question when a row came to be is asked sooner or later, and cannot be answered for rows that are "
        "there by then. Off unless asked for.",
    .safe_sql =
        "CREATE TABLE {table} (\n"
        "  ...,\n"
        "  created_at timestamptz NOT NULL DEFAULT now(),\n"
        "  updated_at timestamptz\n"
        ");",
    .safe_alembic =
        "op.create_table(\n"
        "    '{table}',\n"
        "    ...,\n"
        "    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),\n"
        "    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),\n"
        ")",
    .bad =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, name text, email text);\n",
    .good =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, name text, created_at timestamptz, updated_at timestamptz);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
