#include <algorithm>
#include <utility>

#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Whether the statement commits by itself whatever is open.
bool commits(const StatementView& statement) {
  const std::string& kind = statement.meaning.statement_kind;
  if (kind.starts_with("create temporary") || statement.meaning.keeps_schema) return kind == "truncate";
  return kind.starts_with("alter ") || kind.starts_with("create ") || kind.starts_with("drop ") ||
         kind.starts_with("rename ") || kind == "truncate";
}

bool writes_rows(const StatementView& statement) { return row_change(statement).has_value(); }

/// BEGIN or START TRANSACTION that its author wrote, before this statement, and not ended yet.
bool in_own_transaction(const StatementContext& context) {
  bool open = false;
  for (const StatementView* earlier : earlier_in_revision(context)) {
    if (const auto command = transaction_command(*earlier)) open = *command == TransactionCommand::kBegin;
    if (commits(*earlier)) open = false;
  }
  return open;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context) || !commits(context.statement)) return;
  const bool own = in_own_transaction(context);
  bool rows = false;
  for (const StatementView* earlier : earlier_in_revision(context)) {
    if (transaction_command(*earlier) || commits(*earlier)) rows = false;
    if (writes_rows(*earlier)) rows = true;
  }
  if (!own || !rows) return;
  const auto& touches = context.statement.meaning.touches;
  Finding finding;
  if (!touches.empty()) finding.table = touches.front().relation;
  finding.message = statement_name(context.statement) + " commits the transaction that the migration has begun";
  finding.why =
      "the rows that were changed before it stay changed, whatever fails from here on; ROLLBACK takes nothing back";
  sink.add(rule, std::move(finding), named(context.chain, finding.table));
}

}  // namespace

const Rule kDdlCommits{
    .id = "ddl-commits",
    .group = Group::kTransactions,
    .level = Level::kWarning,
    .databases = kMariadb,
    .title = "A schema change ends the transaction that it stands in",
    .catches =
        "ALTER, CREATE, DROP, RENAME or TRUNCATE behind BEGIN or START TRANSACTION and a change of rows, in one "
        "migration.",
    .why =
        "MariaDB commits before and after every schema change. The transaction around it holds nothing together: what "
        "came before is done for good, and a failure behind it leaves the migration half done. Tools that put a "
        "migration into a transaction cannot help either.",
    .safe_sql =
        "-- migration 1: the rows, in a transaction that ends\n"
        "START TRANSACTION;\n"
        "UPDATE ...;\n"
        "COMMIT;\n"
        "-- migration 2: one schema change, which happens whole or not at all\n"
        "ALTER TABLE {table} ...;",
    .bad =
        "CREATE TABLE orders (id INT PRIMARY KEY, state INT);\n"
        "-- migration: states\n"
        "START TRANSACTION;\n"
        "UPDATE orders SET state = 2 WHERE id = 1;\n"
        "ALTER TABLE orders ADD COLUMN note TEXT;\n"
        "COMMIT;\n",
    .good =
        "CREATE TABLE orders (id INT PRIMARY KEY, state INT);\n"
        "-- migration: states\n"
        "START TRANSACTION;\n"
        "UPDATE orders SET state = 2 WHERE id = 1;\n"
        "COMMIT;\n"
        "-- migration: note\n"
        "ALTER TABLE orders ADD COLUMN note TEXT;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
