#include <variant>
#include <vector>

#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// A table in use that the statement reads or writes whole; null: there is none, or a rule of its own tells of it.
const QualifiedName* worked_on(const StatementContext& context, const StatementView& statement) {
  // What moves rows, what fails, and VALIDATE have rules of their own; TRUNCATE only makes new files.
  if (row_change(statement) || !statement.impact.refused.empty()) return nullptr;
  if (statement.meaning.statement_kind == "truncate") return nullptr;
  for (const model::Operation& operation : statement.meaning.operations) {
    if (std::holds_alternative<model::ValidateConstraint>(operation)) return nullptr;
    // The few rows of a new table are looked up in the other one.
    if (const auto* add = std::get_if<model::AddConstraint>(&operation);
        add != nullptr && std::holds_alternative<model::ForeignKey>(add->constraint) && context.harmless(add->table))
      return nullptr;
  }
  for (const auto* work : {&statement.impact.rewrites, &statement.impact.scans})
    for (const plan::Work& one : *work) {
      const bool table = one.kind == plan::RelationKind::kTable || one.kind == plan::RelationKind::kMaterializedView;
      if (table && !context.harmless(one.relation)) return &one.relation;
    }
  return nullptr;
}

/// The first of the locks against readers that is not one of the statement's own; null: there is none.
const Held* in_the_way(const std::vector<Held>& held, const StatementView& statement) {
  for (const Held& one : held) {
    if (!one.lock->blocks.reads) continue;
    const plan::LockUse* own = plan::find_lock(statement.impact, one.lock->relation);
    if (own == nullptr || !(own->blocks.reads || own->blocks.writes)) return &one;
  }
  return nullptr;
}

/// An earlier statement of the transaction has worked under the lock of another, and was reported.
bool told_before(const StatementContext& context, const std::vector<Held>& held) {
  std::vector<Held> until;
  auto next = held.begin();
  for (const StatementView* earlier : context.earlier_in_transaction()) {
    if (worked_on(context, *earlier) != nullptr && in_the_way(until, *earlier) != nullptr) return true;
    for (; next != held.end() && next->by == earlier; ++next) until.push_back(*next);
  }
  return false;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context) || context.statement.transaction == 0) return;
  const QualifiedName* work = worked_on(context, context.statement);
  if (work == nullptr) return;
  const auto held = held_locks(context);
  const Held* lock = in_the_way(held, context.statement);
  if (lock == nullptr || told_before(context, held)) return;
  const std::string table = display(lock->lock->relation);
  sink.add(rule, lock->lock->relation,
           "nobody can read " + table + " while this works through all of " + display(*work),
           "the lock that " + deed(*lock->by) + " took (" + place_of(*lock->by) + "), " + lock->lock->mode + " on " +
               table + ", is held to the end of the transaction",
           named(context.chain, lock->lock->relation));
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
        "on another one. The first of a transaction is reported.",
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
