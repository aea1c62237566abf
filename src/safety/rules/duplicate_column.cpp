#include <optional>
#include <set>
#include <vector>

#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// The first name that comes twice.
std::optional<Identifier> repeated(const std::vector<Identifier>& names) {
  std::set<Identifier> seen;
  for (const Identifier& name : names)
    if (!seen.insert(name).second) return name;
  return std::nullopt;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  const auto look_at = [&](const QualifiedName& table, const std::vector<Identifier>& columns, std::string_view where) {
    const auto twice = repeated(columns);
    if (!twice) return;
    sink.add(rule, table,
             "column " + twice->text() + " comes twice in " + std::string(where) + " " + display(table) +
                 ": the statement fails",
             "the server refuses it whatever the rows are", named(context.chain, table));
  };
  for (const auto* create : context.all<model::CreateTable>()) {
    std::vector<Identifier> columns;
    for (const auto& column : create->table.columns) columns.push_back(column.name);
    look_at(create->table.name, columns, "CREATE TABLE");
  }
  for (const auto* insert : context.all<model::InsertRows>())
    look_at(insert->statement.table, insert->statement.columns, "INSERT INTO");
  for (const auto* update : context.all<model::UpdateRows>()) {
    std::vector<Identifier> columns;
    for (const auto& assignment : update->statement.assignments) columns.push_back(assignment.first);
    look_at(update->statement.table, columns, "UPDATE");
  }
}

}  // namespace

const Rule kDuplicateColumn{
    .id = "duplicate-column",
    .group = Group::kData,
    .level = Level::kError,
    .databases = kPostgres,
    .title = "A column comes twice",
    .catches = "The same column twice in CREATE TABLE, in the list of an INSERT, or in the SET of an UPDATE.",
    .why = "PostgreSQL refuses the statement, and the migration fails.",
    .safe_sql = "-- each column once",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n"
        "-- migration: fill\n"
        "UPDATE users SET name = 'a', name = 'b' WHERE id = 1;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n"
        "-- migration: fill\n"
        "UPDATE users SET name = 'a' WHERE id = 1;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
