#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// A build of a large index takes longer than this.
constexpr std::int64_t kShortest = 600'000;

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (!context.statement.impact.concurrent) return;
  const plan::LockUse* lock = plan::strongest_lock(context.statement.impact);
  if (lock == nullptr || context.harmless(lock->relation)) return;
  const auto short_value = [&](std::string_view name, std::int64_t limit) -> std::optional<std::string> {
    const auto setting = setting_in_force(context, name);
    const auto value = setting ? milliseconds(setting->value) : std::nullopt;
    if (!value || *value == 0 || (limit != 0 && *value >= limit)) return std::nullopt;
    return std::string(name) + " = " + setting->value;
  };
  auto setting = short_value("lock_timeout", 0);
  const bool of_locks = setting.has_value();
  if (!setting) setting = short_value("statement_timeout", kShortest);
  if (!setting) return;
  sink.add(rule, lock->relation,
           deed(context.statement) + " CONCURRENTLY under " + *setting + " may stop halfway and leave an invalid index",
           of_locks ? "it waits for every transaction that is older than itself, without keeping anybody out; "
                      "lock_timeout cuts that wait short too"
                    : "it reads the table twice and waits for older transactions: that takes as long as it takes",
           named(context.chain, lock->relation,
                 {{"setting", of_locks ? "lock_timeout" : "statement_timeout"},
                  {"statement", std::string(context.statement.sql)}}));
}

}  // namespace

const Rule kTimeoutDuringConcurrentBuild{
    .id = "timeout-during-concurrent-build",
    .group = Group::kTransactions,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A timeout cuts a concurrent build short",
    .catches =
        "CREATE INDEX, DROP INDEX or REINDEX with CONCURRENTLY while a lock_timeout, or a statement_timeout under ten "
        "minutes, is in force.",
    .why =
        "A concurrent build waits for transactions that are older than itself, in the whole database, and keeps nobody "
        "from reading or writing meanwhile: it needs no lock_timeout. With one it fails as soon as somebody holds a "
        "snapshot for that long, and leaves an invalid index behind that every write keeps up to date and no query "
        "uses (measured on PostgreSQL 11 to 18 with 300 ms).",
    .safe_sql =
        "SET {setting} = 0;  -- this statement keeps nobody out\n"
        "{statement};",
    .safe_alembic =
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"SET {setting} = 0\")  # this statement keeps nobody out\n"
        "    op.execute(\"\"\"{statement}\"\"\")",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "SET lock_timeout = '5s';\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "SET lock_timeout = 0;\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
