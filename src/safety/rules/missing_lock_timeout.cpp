#include <set>
#include <string>

#include "model/lookup.h"
#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

bool switched_off(const std::optional<SettingChange>& setting) {
  return setting && milliseconds(setting->value) == std::optional<std::int64_t>(0);
}

bool bounded_otherwise(const StatementContext& context) {
  const auto timeout = setting_in_force(context, "statement_timeout");
  return timeout && !switched_off(timeout);
}

std::string who_waits(const plan::LockUse& lock, const std::string& table) {
  return lock.blocks.reads ? "everybody else waits behind it" : "whoever writes to " + table + " waits behind it";
}

std::string why(const plan::LockUse& lock, const std::string& table) {
  return "locks are granted in the order in which they are asked for: one idle transaction that has " +
         std::string(lock.blocks.reads ? "read " : "written to ") + table + " is enough to stop " +
         (lock.blocks.reads ? "it for all" : "all who write to it");
}

/// A timeout that was switched off is told at each statement that waits without one.
void check_off(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const auto locks = hard_locks(context);
  if (locks.empty() || !switched_off(setting_in_force(context, "lock_timeout")) || bounded_otherwise(context)) return;
  const plan::LockUse& lock = *locks.front();
  const std::string table = display(lock.relation);
  sink.add(rule, lock.relation,
           "lock_timeout is switched off: while this waits for " + lock.mode + " on " + table + ", " +
               who_waits(lock, table),
           why(lock, table), named(context.chain, lock.relation));
}

/// The first statement of the revision that waits for a lock on a table in use without a bound; null: there is none.
const StatementView* waits_unbounded(const Chain& chain, const RevisionView& revision,
                                     std::set<std::string>& new_tables, const plan::LockUse** lock) {
  for (std::size_t i = revision.upgrade_begin; i < revision.upgrade_end; ++i) {
    const StatementView& statement = chain.statements[i];
    const StatementContext context{chain, revision, statement, chain.schema_end, new_tables};
    const auto locks = hard_locks(context);
    if (!locks.empty()) {
      if (setting_in_force(context, "lock_timeout") || bounded_otherwise(context)) return nullptr;
      *lock = locks.front();
      return &statement;
    }
    for (const QualifiedName& made : statement.impact.creates) new_tables.insert(model::name_key(made));
    for (const model::Operation& operation : statement.meaning.operations)
      if (const auto* renamed = std::get_if<model::RenameTable>(&operation);
          renamed != nullptr && new_tables.contains(model::name_key(renamed->table)))
        new_tables.insert(model::name_key({renamed->table.schema, renamed->new_name}));
  }
  return nullptr;
}

/// Where no migration sets one, the newest says it for all.
void check_chain(const ChainContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  if (chain.lock_timeout_set) return;
  const StatementView* newest = nullptr;
  const plan::LockUse* lock = nullptr;
  std::size_t count = 0;
  std::set<std::string> new_tables;
  for (const RevisionView& revision : chain.revisions) {
    if (!revision.selected) continue;
    if (!chain.one_deploy) new_tables.clear();
    if (const StatementView* found = waits_unbounded(chain, revision, new_tables, &lock)) {
      newest = found;
      ++count;
    }
  }
  if (newest == nullptr) return;
  const std::string table = display(lock->relation);
  std::string others;
  if (count > 1)
    others = count == 2 ? "; an earlier migration sets none either"
                        : "; " + std::to_string(count - 1) + " earlier migrations set none either";
  sink.add(rule,
           finding_at(chain, *newest, lock->relation,
                      "no lock_timeout is set: while this waits for " + lock->mode + " on " + table + ", " +
                          who_waits(*lock, table),
                      why(*lock, table) + others),
           named(chain, lock->relation));
}

}  // namespace

const Rule kMissingLockTimeout{
    .id = "missing-lock-timeout",
    .group = Group::kTransactions,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "Nothing bounds the wait for a lock",
    .catches =
        "A statement that takes a lock against reads or writes of a table in use, with no lock_timeout (or "
        "statement_timeout) set before it in its migration, or with lock_timeout = 0. Where several migrations set "
        "none, the newest is reported, for all of them. Not reported where Bascule runs the migrations: it sets one "
        "and "
        "tries again.",
    .why =
        "A lock that is not granted yet already keeps out everybody who comes later: the queue is first in, first out. "
        "A SELECT waits behind an ALTER TABLE that waits behind one idle transaction (measured on PostgreSQL 11 to "
        "18). With a lock_timeout the statement gives up, the queue moves on, and it is tried again.",
    .safe_sql =
        "SET LOCAL lock_timeout = '5s';  -- in the migration's transaction; SET outside of one\n"
        "-- and run the migration again when it fails with \"canceling statement due to lock timeout\"",
    .safe_alembic =
        "op.execute(\"SET LOCAL lock_timeout = '5s'\")\n"
        "# and run the migration again when it fails with \"canceling statement due to lock timeout\"",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "SET lock_timeout = '5s';\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .on_statement = check_off,
    .on_chain = check_chain,
};

}  // namespace bascule::safety::rules
