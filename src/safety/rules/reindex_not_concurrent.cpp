#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr int kFirstConcurrentReindex = 12;

constexpr std::string_view kBefore12 =
    "-- outside of a transaction: before PostgreSQL 12 a new index takes the old one's place\n"
    "CREATE INDEX CONCURRENTLY new_index ON {table} (...);\n"
    "DROP INDEX CONCURRENTLY old_index;\n"
    "ALTER INDEX new_index RENAME TO old_index;";

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  if (context.statement.meaning.statement_kind != "reindex" || context.statement.impact.concurrent) return;
  if (context.statement.impact.transaction == plan::TransactionNeed::kForbidden &&
      context.statement.sql.find("CONCURRENTLY") != std::string::npos)
    return;
  const auto locks = hard_locks(context);
  if (!locks.empty() && context.statement.impact.index_builds.empty()) return;  // there is no index
  if (locks.empty() && context.statement.impact.known && !context.statement.impact.locks.empty()) return;
  const QualifiedName table = locks.empty() ? QualifiedName{} : locks.front()->relation;
  const std::string name = locks.empty() ? "the tables" : display(table);
  Finding finding;
  finding.table = table;
  finding.message = "REINDEX stops writes to " + name + ", and reads as well, until the indexes are built";
  finding.why = "it holds SHARE on " + name +
                " and ACCESS EXCLUSIVE on the index: planning a SELECT locks every index of the table, so that reads "
                "that would not use it wait too";
  const Names names = named(context.chain, table);
  if (context.chain.server.major < kFirstConcurrentReindex)
    finding.help = other_way(context.chain, rule, names, kBefore12);
  sink.add(rule, std::move(finding), names);
}

}  // namespace

const Rule kReindexNotConcurrent{
    .id = "reindex-not-concurrent",
    .group = Group::kIndexes,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "An index is rebuilt while reads and writes wait",
    .catches = "REINDEX without CONCURRENTLY.",
    .why =
        "REINDEX holds SHARE on the table, which stops writes, and ACCESS EXCLUSIVE on the index for the whole build. "
        "The planner locks every index of a table that it plans for: an ordinary SELECT hangs, even one that would "
        "not use this index. PostgreSQL 12 and later have REINDEX CONCURRENTLY, which keeps nobody out (not for "
        "exclusion constraints and system catalogs). Measured with two sessions on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- outside of a transaction, in a migration of its own; PostgreSQL 12 and later\n"
        "REINDEX TABLE CONCURRENTLY {table};",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "CREATE INDEX orders_user ON orders (user_id);\n"
        "-- migration: reindex\n"
        "REINDEX INDEX orders_user;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "CREATE INDEX orders_user ON orders (user_id);\n"
        "-- migration: reindex\n"
        "REINDEX INDEX CONCURRENTLY orders_user;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
