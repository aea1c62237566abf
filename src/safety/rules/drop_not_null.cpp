#include <string>
#include <vector>

#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  std::vector<std::string> columns;
  QualifiedName table;
  Identifier first;
  for (const auto& [alter, name] : changes<model::AlterColumn>(context)) {
    if (!alter->nullable || !*alter->nullable || context.is_new(*name)) continue;
    // Whether it could be NULL before has to be known: tools write the word without need.
    const model::Table* known = model::find_table(context.before, *name);
    const model::Column* column = known == nullptr ? nullptr : model::find_column(*known, alter->column);
    if (column == nullptr || column->nullable) continue;
    if (columns.empty()) {
      table = *name;
      first = alter->column;
    }
    columns.push_back(alter->column.text());
  }
  if (columns.empty()) return;
  sink.add(rule, table,
           (columns.size() == 1 ? "column " : "columns ") + enumeration(columns) + " of " + display(table) +
               " may be NULL from now on: does every reader expect that?",
           "code that has never met NULL there meets it as soon as the new release writes one",
           named(context.chain, table, {{"column", spelled(context.chain, first)}}));
}

}  // namespace

const Rule kDropNotNull{
    .id = "drop-not-null",
    .group = Group::kColumns,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite,
    .title = "A column may be NULL from now on",
    .catches = "ALTER COLUMN ... DROP NOT NULL on a table that was there before.",
    .why =
        "The statement itself is short. But the release that is running, reports and exports may read the column as "
        "if it always had a value, and the way back has to check every row.",
    .safe_sql =
        "-- 1. deploy a release whose readers take NULL, and that writes none yet\n"
        "-- 2. then:\n"
        "ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL;",
    .safe_alembic =
        "# 1. deploy a release whose readers take None, and that writes none yet\n"
        "# 2. then:\n"
        "op.alter_column('{table}', '{column}', nullable=True)",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n"
        "-- migration: optional\n"
        "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: nothing changes\n"
        "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
