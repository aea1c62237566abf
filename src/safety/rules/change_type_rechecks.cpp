#include <algorithm>

#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Whether the statement does nothing but change types and defaults: then the work is the type's.
bool changes_types_only(const StatementView& statement) {
  const auto& operations = statement.meaning.operations;
  return std::all_of(operations.begin(), operations.end(), [](const model::Operation& operation) {
    const auto* alter = std::get_if<model::AlterColumn>(&operation);
    return alter != nullptr && !alter->nullable;
  });
}

/// A CHECK that names the column; "..." where none is known.
std::string check_of(const StatementContext& context, const model::AlterColumn& alter) {
  const model::Table* table = model::find_table(context.before, alter.table);
  if (table == nullptr) return "...";
  for (const model::Constraint& constraint : table->constraints) {
    const auto* check = std::get_if<model::CheckConstraint>(&constraint);
    if (check != nullptr && !check->name.empty() && model::mentions_column(check->sql, alter.column))
      return spelled(context.chain, check->name);
  }
  return "...";
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context) || !context.statement.impact.known || !changes_types_only(context.statement)) return;
  const plan::Impact& impact = context.statement.impact;
  for (const auto* alter : context.all<model::AlterColumn>()) {
    if (!alter->type || context.harmless(alter->table) || writes_anew(context, alter->table)) continue;
    std::vector<std::string> built;
    for (const plan::Work& work : impact.index_builds) built.push_back(display(work.relation));
    for (const plan::Work& work : impact.rewrites)
      if (work.kind == plan::RelationKind::kIndex) built.push_back(display(work.relation));
    std::sort(built.begin(), built.end());
    built.erase(std::unique(built.begin(), built.end()), built.end());
    const bool scans = !impact.scans.empty();
    if (!scans && built.empty()) continue;
    const std::string table = display(alter->table);
    std::string cause = "what depends on the column is checked or built again";
    if (built.empty() && !impact.scans.front().why.empty())
      cause = table + " is read " + impact.scans.front().why;
    else if (!impact.causes.empty())
      cause = impact.causes.front();
    const std::string work =
        built.empty() ? "reads all of " + table : "builds " + enumeration(built) + " of " + table + " anew";
    sink.add(rule, alter->table,
             "the change of " + alter->column.text() + "'s type writes no row, but " + work +
                 " while nobody can read or write",
             cause + "; " + holds(context, alter->table, kAccessExclusive),
             named(context.chain, alter->table,
                   {{"column", spelled(context.chain, alter->column)},
                    {"type", type_text(context.chain, *alter->type)},
                    {"constraint", check_of(context, *alter)}}));
    return;
  }
}

}  // namespace

const Rule kChangeTypeRechecks{
    .id = "change-type-rechecks",
    .group = Group::kColumns,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A free change of type is not free here",
    .catches =
        "ALTER COLUMN ... TYPE that writes no row, on a column with a CHECK, or with an index that has to be built "
        "anew.",
    .why =
        "A CHECK on the column is verified again for every row, under ACCESS EXCLUSIVE. Indexes on expressions and "
        "partial indexes that name the column are built anew, as are all its indexes when its collation changes or "
        "when timestamp becomes timestamptz in UTC (measured on PostgreSQL 12 to 18).",
    .safe_sql =
        "-- migration 1: without the CHECK (or the index) the change touches no row\n"
        "ALTER TABLE {table} DROP CONSTRAINT {constraint};\n"
        "ALTER TABLE {table} ALTER COLUMN {column} TYPE {type};\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK (...) NOT VALID;\n"
        "-- migration 2\n"
        "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};\n"
        "-- an index: DROP INDEX CONCURRENTLY before, CREATE INDEX CONCURRENTLY after",
    .safe_alembic =
        "# revision 1: without the CHECK (or the index) the change touches no row\n"
        "op.drop_constraint('{constraint}', '{table}', type_='check')\n"
        "op.alter_column('{table}', '{column}', type_=...)\n"
        "op.create_check_constraint('{constraint}', '{table}', \"...\", postgresql_not_valid=True)\n"
        "# revision 2\n"
        "op.execute(\"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}\")\n"
        "# an index: drop it before and create it after, postgresql_concurrently=True in autocommit_block()",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, code varchar(10) CHECK (code <> ''));\n"
        "-- migration: longer\n"
        "ALTER TABLE users ALTER COLUMN code TYPE varchar(20);\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, code varchar(10));\n"
        "-- migration: longer\n"
        "ALTER TABLE users ALTER COLUMN code TYPE varchar(20);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
