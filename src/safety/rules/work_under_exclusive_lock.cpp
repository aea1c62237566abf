#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Tables in use that the statement reads or writes whole.
std::vector<QualifiedName> worked_on(const StatementContext& context) {
  std::vector<QualifiedName> tables;
  const plan::Impact& impact = context.statement.impact;
  for (const auto* work : {&impact.rewrites, &impact.scans})
    for (const plan::Work& one : *work)
      if (one.kind != plan::RelationKind::kIndex && !context.harmless(one.relation)) tables.push_back(one.relation);
  return tables;
}

/// An earlier statement of the transaction has kept this lock waiting for its work, and was reported.
bool told_before(const StatementContext& context, const Held& held) {
  bool after = false;
  for (const StatementView* earlier : earlier_in_revision(context)) {
    if (after && earlier->transaction == context.statement.transaction &&
        (!earlier->impact.scans.empty() || !earlier->impact.rewrites.empty()))
      return true;
    if (earlier == held.by) after = true;
  }
  return false;
}

void check(const StatementContext& context, const Rule& rule, Report& report) {
  if (on_way_down(context) || context.statement.transaction == 0) return;
  // What moves rows, and VALIDATE, have rules of their own.
  if (row_change(context.statement) || !context.all<model::ValidateConstraint>().empty()) return;
  const auto tables = worked_on(context);
  if (tables.empty()) return;
  for (const Held& held : held_locks(context)) {
    // A lock that the statement takes itself is reported as the statement's own.
    if (!held.lock->blocks.reads || keeps_out(context, held.lock->relation) || told_before(context, held)) continue;
    const std::string table = display(held.lock->relation);
    const std::string other = display(tables.front());
    report.add(rule, held.lock->relation, "nobody can read " + table + " while this works through all of " + other,
               "the lock that " + deed(*held.by) + " took (" + place_of(*held.by) + "), " + held.lock->mode + " on " +
                   table + ", is held to the end of the transaction",
               named(context.chain, held.lock->relation));
    return;
  }
}

}  // namespace

const Rule kWorkUnderExclusiveLock{
    .id = "work-under-exclusive-lock",
    .group = Group::kTransactions,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "Long work while another table is locked",
    .catches =
        "A statement that reads or writes a whole table in use, in a transaction that already holds ACCESS EXCLUSIVE "
        "on another one.",
    .why =
        "A lock is held to the end of the transaction, not of its statement: an ALTER TABLE that takes a millisecond "
        "keeps everybody out for as long as what follows it takes.",
    .safe_sql =
        "-- migration 1: the long work, without a lock on {table}\n"
        "-- migration 2: what locks {table}, alone or last in its transaction",
    .safe_alembic =
        "# revision 1: the long work, without a lock on {table}\n"
        "# revision 2: what locks {table}, alone or last in its transaction",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\n"
        "-- migration: both\n"
        "BEGIN;\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;\n"
        "COMMIT;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\n"
        "-- migration: view\n"
        "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;\n"
        "-- migration: column\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
