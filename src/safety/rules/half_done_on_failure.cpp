#include <utility>
#include <vector>

#include "dialects/mariadb/statement.h"
#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

using Kind = dialects::mariadb::Statement::Kind;

/// Whether the statement fails when it has been done already: what makes a second run of the migration fail.
bool fails_twice(const StatementView& statement) {
  const auto read = dialects::mariadb::read_statement(statement.sql);
  switch (read.kind) {
    case Kind::kAlterTable: {
      using Change = dialects::mariadb::Change::Kind;
      for (const auto& change : read.changes) {
        const bool makes = change.kind == Change::kAddColumn || change.kind == Change::kAddKey ||
                           change.kind == Change::kAddForeignKey || change.kind == Change::kAddCheck;
        const bool removes = change.kind == Change::kDropColumn || change.kind == Change::kDropKey ||
                             change.kind == Change::kDropForeignKey || change.kind == Change::kDropConstraint ||
                             change.kind == Change::kRenameColumn || change.kind == Change::kRenameKey ||
                             change.kind == Change::kRenameTable;
        if ((makes || removes) && !change.guarded) return true;
      }
      return false;
    }
    case Kind::kCreateTable:
    case Kind::kCreateIndex:
    case Kind::kCreateObject:
      return !read.guarded && !read.or_replace && !read.temporary;
    case Kind::kDropTable:
    case Kind::kDropIndex:
    case Kind::kDropObject:
    case Kind::kRenameTable:
      return !read.guarded && !read.temporary;
    case Kind::kEmpty:
    case Kind::kTruncate:
    case Kind::kInsert:
    case Kind::kUpdate:
    case Kind::kDelete:
    case Kind::kOptimize:
    case Kind::kLockTables:
    case Kind::kHarmless:
    case Kind::kRows:
    case Kind::kOther:
      break;
  }
  return false;
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  std::vector<const StatementView*> changes;
  std::size_t all = 0;
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    const StatementView& statement = chain.statements[i];
    if (statement.meaning.changes_nothing) continue;
    ++all;
    if (fails_twice(statement)) changes.push_back(&statement);
  }
  if (all < 2 || changes.empty() || changes.front() == &chain.statements[context.revision.upgrade_end - 1]) return;
  const StatementView& first = *changes.front();
  const auto& touches = first.meaning.touches;
  const QualifiedName table = touches.empty() ? QualifiedName{} : touches.front().relation;
  sink.add(
      rule,
      finding_at(chain, first, table,
                 "if one of the " + std::to_string(all) +
                     " statements fails, those before it stay done, and the migration cannot be run again",
                 statement_name(first) + " fails where it has been done already: it says neither IF EXISTS nor IF NOT "
                                         "EXISTS"),
      named(chain, table));
}

}  // namespace

const Rule kHalfDoneOnFailure{
    .id = "half-done-on-failure",
    .group = Group::kTransactions,
    .level = Level::kOff,
    .databases = kMariadb,
    .title = "A migration that fails half-way cannot be run again",
    .catches =
        "A migration of several statements, of which one that is not the last fails when it is run a second time: no "
        "IF "
        "NOT EXISTS, no IF EXISTS, no OR REPLACE.",
    .why =
        "MariaDB commits every schema change by itself, so that nothing takes back what was done before the statement "
        "that fails. Somebody has to find out how far it got, at night. One schema change a migration, or statements "
        "that pass where they were done already, let the tool begin again.",
    .safe_sql =
        "CREATE TABLE IF NOT EXISTS {table} (...);\n"
        "ALTER TABLE {table} ADD COLUMN IF NOT EXISTS ..., ADD INDEX IF NOT EXISTS ...;\n"
        "DROP INDEX IF EXISTS ... ON {table};\n"
        "-- or one schema change a migration",
    .bad =
        "CREATE TABLE orders (id INT PRIMARY KEY);\n"
        "-- migration: two\n"
        "ALTER TABLE orders ADD COLUMN a INT;\n"
        "ALTER TABLE orders ADD COLUMN b INT;\n",
    .good =
        "CREATE TABLE orders (id INT PRIMARY KEY);\n"
        "-- migration: two\n"
        "ALTER TABLE orders ADD COLUMN IF NOT EXISTS a INT;\n"
        "ALTER TABLE orders ADD COLUMN IF NOT EXISTS b INT;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
