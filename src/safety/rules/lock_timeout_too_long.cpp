#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Longer than most applications wait for an answer.
constexpr std::int64_t kLongest = 60'000;

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const auto locks = hard_locks(context);
  if (locks.empty()) return;
  const auto setting = setting_in_force(context, "lock_timeout");
  const auto value = setting ? milliseconds(setting->value) : std::nullopt;
  if (!value || *value <= kLongest) return;
  // Every later statement has the same timeout: one finding is enough.
  if (waited_before(context)) return;
  const std::string table = display(locks.front()->relation);
  sink.add(rule, locks.front()->relation,
           "with lock_timeout = " + setting->value + ", " + table + " may stand still for that long",
           "while the statement waits for " + locks.front()->mode + ", all who come later wait behind it",
           named(context.chain, locks.front()->relation));
}

}  // namespace

const Rule kLockTimeoutTooLong{
    .id = "lock-timeout-too-long",
    .group = Group::kTransactions,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A lock_timeout longer than anybody waits",
    .catches =
        "A lock_timeout of more than a minute in force at a statement that takes a lock against reads or writes.",
    .why =
        "The timeout bounds how long the statement waits, and so how long everybody else waits behind it. Requests "
        "time out and connection pools run dry long before a minute is over. Short and repeated is better than long.",
    .safe_sql = "SET LOCAL lock_timeout = '5s';  -- and run the migration again when it gives up",
    .safe_alembic = "op.execute(\"SET LOCAL lock_timeout = '5s'\")  # and run the migration again when it gives up",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "SET lock_timeout = '2h';\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "SET lock_timeout = '5s';\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
