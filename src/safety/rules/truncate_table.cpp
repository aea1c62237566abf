#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// What it empties, where no CASCADE goes further: truncate-cascade tells of those.
std::vector<QualifiedName> emptied(const StatementContext& context) {
  std::vector<QualifiedName> tables;
  for (const auto* truncate : context.all<model::TruncateTables>()) {
    if (truncate->cascade) return {};
    tables.insert(tables.end(), truncate->tables.begin(), truncate->tables.end());
  }
  // TRUNCATE ONLY is no operation of the model's.
  if (!tables.empty() || context.statement.meaning.statement_kind != "truncate") return tables;
  for (const plan::Work& work : context.statement.impact.rewrites)
    if (work.kind == plan::RelationKind::kTable) tables.push_back(work.relation);
  return tables;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const QualifiedName& table : emptied(context)) {
    if (context.harmless(table)) continue;
    const std::string name = display(table);
    sink.add(rule, table, "TRUNCATE empties " + name + ", and nobody reads it until the transaction ends",
             holds(context, table, kAccessExclusive) +
                 " until then, and the release that is running finds no rows afterwards",
             named(context.chain, table));
    return;  // one finding a statement
  }
}

}  // namespace

const Rule kTruncateTable{
    .id = "truncate-table",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "All rows of a table are removed",
    .catches = "TRUNCATE of a table in use. TRUNCATE ... CASCADE has a rule of its own.",
    .why =
        "The rows are gone with the commit, for the release that is running too. The work is short however large the "
        "table is (it gets a new, empty file), but ACCESS EXCLUSIVE is held until the transaction ends: SELECT waits. "
        "Measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- alone in its transaction, with a bound on the wait\n"
        "SET LOCAL lock_timeout = '2s';\n"
        "TRUNCATE {table};",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: empty\n"
        "TRUNCATE orders;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: old\n"
        "DELETE FROM orders WHERE id < 1000;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
