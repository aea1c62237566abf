#include <algorithm>

#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const StatementView& statement = context.statement;
  if (statement.meaning.statement_kind != "refresh materialized view") return;
  if (statement.impact.known && statement.impact.scans.empty()) return;  // WITH NO DATA
  // CONCURRENTLY takes EXCLUSIVE: reads go on.
  const auto lock = std::find_if(statement.impact.locks.begin(), statement.impact.locks.end(), [](const auto& one) {
    return one.kind == plan::RelationKind::kMaterializedView && one.blocks.reads;
  });
  if (lock == statement.impact.locks.end() || context.harmless(lock->relation)) return;
  sink.add(rule, lock->relation,
           "REFRESH stops reads of " + display(lock->relation) + " until its query is done and written",
           "it holds " + lock->mode + " on " + display(lock->relation) + " while its query runs",
           {{"view", spelled(context.chain, lock->relation)},
            {"index", name_or(context.chain, {}, lock->relation, {}, "key")}});
}

}  // namespace

const Rule kRefreshNotConcurrent{
    .id = "refresh-not-concurrent",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A materialized view is refreshed while its readers wait",
    .catches = "REFRESH MATERIALIZED VIEW without CONCURRENTLY.",
    .why =
        "ACCESS EXCLUSIVE is held on the view while its query runs, however long that is. CONCURRENTLY computes the "
        "new rows beside the old ones and lets SELECT pass; it needs a unique index on the view that covers all rows, "
        "and can run in a transaction. Measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- once, so that rows can be told apart\n"
        "CREATE UNIQUE INDEX CONCURRENTLY {index} ON {view} (...);\n"
        "REFRESH MATERIALIZED VIEW CONCURRENTLY {view};",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM orders;\n"
        "-- migration: refresh\n"
        "REFRESH MATERIALIZED VIEW totals;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM orders;\n"
        "CREATE UNIQUE INDEX totals_n ON totals (n);\n"
        "-- migration: refresh\n"
        "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
