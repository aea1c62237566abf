#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// The table that an ALTER TABLE reads or writes whole; null: it does neither.
const QualifiedName* worked_on(const StatementView& statement) {
  if (statement.meaning.statement_kind != "alter table" || statement.impact.concurrent ||
      !statement.impact.refused.empty())
    return nullptr;
  for (const auto* work : {&statement.impact.rewrites, &statement.impact.scans})
    for (const plan::Work& one : *work)
      if (one.kind == plan::RelationKind::kTable) return &one.relation;
  return nullptr;
}

void check(const StatementContext& context, const Rule& rule, Report& report) {
  if (on_way_down(context) || !context.all<model::ValidateConstraint>().empty()) return;
  const QualifiedName* table = worked_on(context.statement);
  if (table == nullptr || context.harmless(*table)) return;
  const StatementView* first = nullptr;
  for (const StatementView* earlier : context.earlier_in_transaction()) {
    const QualifiedName* other = worked_on(*earlier);
    if (other == nullptr || !model::same_name(*table, *other)) continue;
    if (first != nullptr) return;  // the second one was told
    first = earlier;
  }
  if (first == nullptr) return;
  report.add(rule, *table, display(*table) + " is read from end to end once more: one ALTER TABLE can do both",
             "each ALTER TABLE goes through the table by itself (" + place_of(*first) +
                 " did already); the actions of one go through it together",
             named(context.chain, *table));
}

}  // namespace

const Rule kSplitAlterTable{
    .id = "split-alter-table",
    .group = Group::kTransactions,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "Two passes over a table where one would do",
    .catches = "A second ALTER TABLE in a transaction that reads or writes the same table whole.",
    .why =
        "One ALTER TABLE with several actions goes through the table once. Measured: two SET NOT NULL of 5,000 rows "
        "read 10,000 rows in two statements and 5,000 in one. The lock is held for the sum.",
    .safe_sql =
        "ALTER TABLE {table}\n"
        "  ALTER COLUMN a SET NOT NULL,\n"
        "  ALTER COLUMN b SET NOT NULL;",
    .safe_alembic =
        "op.execute(\"\"\"\n"
        "    ALTER TABLE {table}\n"
        "      ALTER COLUMN a SET NOT NULL,\n"
        "      ALTER COLUMN b SET NOT NULL\n"
        "\"\"\")",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, a text, b text);\n"
        "-- migration: required\n"
        "BEGIN;\n"
        "ALTER TABLE users ALTER COLUMN a SET NOT NULL;\n"
        "ALTER TABLE users ALTER COLUMN b SET NOT NULL;\n"
        "COMMIT;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, a text, b text);\n"
        "-- migration: required\n"
        "ALTER TABLE users ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
