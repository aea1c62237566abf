#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

bool switched_off(const std::optional<SettingChange>& setting) {
  return setting && milliseconds(setting->value) == std::optional<std::int64_t>(0);
}

void check(const StatementContext& context, const Rule& rule, Report& report) {
  if (on_way_down(context)) return;
  const auto locks = hard_locks(context);
  if (locks.empty()) return;
  const auto lock_timeout = setting_in_force(context, "lock_timeout");
  const bool off = switched_off(lock_timeout);
  if (!off && (context.chain.lock_timeout_set || lock_timeout || waited_before(context))) return;
  const auto statement_timeout = setting_in_force(context, "statement_timeout");
  if (statement_timeout && !switched_off(statement_timeout)) return;
  const plan::LockUse& lock = *locks.front();
  const std::string table = display(lock.relation);
  report.add(rule, lock.relation,
             (off ? "lock_timeout is switched off: " : "no lock_timeout is set: ") +
                 std::string("while this waits for ") + lock.mode + " on " + table + ", everybody else waits behind it",
             "locks are granted in the order in which they are asked for: one idle transaction that has read " + table +
                 " is enough to stop it for all",
             named(context.chain, lock.relation));
}

}  // namespace

const Rule kMissingLockTimeout{
    .id = "missing-lock-timeout",
    .group = Group::kTransactions,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "Nothing bounds the wait for a lock",
    .catches =
        "The first statement of a migration that takes a lock against reads or writes of a table in use, with no "
        "lock_timeout (or statement_timeout) set before it, or with lock_timeout = 0. Not reported where Bascule runs "
        "the migrations: it sets one and tries again.",
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
    .on_statement = check,
};

}  // namespace bascule::safety::rules
