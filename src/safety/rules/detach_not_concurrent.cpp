#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr int kFirstConcurrentDetach = 14;

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  // Before 14, and beside a default partition, there is no other way.
  if (on_way_down(context) || context.chain.server.major < kFirstConcurrentDetach) return;
  for (const auto* detach : context.all<model::DetachPartition>()) {
    if (detach->concurrently || detach->finalize || context.harmless(detach->table)) continue;
    if (context.is_new(detach->partition) || default_partition(context.before, detach->table) != nullptr) continue;
    sink.add(rule, detach->table,
             "DETACH PARTITION stops " + stopped(context, detach->table, kAccessExclusive) +
                 " while it waits for "
                 "its turn",
             holds(context, detach->table, kAccessExclusive) + " and on " + display(detach->partition) +
                 ": it waits for every open transaction that uses them, and everybody who comes later waits behind it",
             named(context.chain, detach->table, {{"partition", spelled(context.chain, detach->partition)}}));
  }
}

}  // namespace

const Rule kDetachNotConcurrent{
    .id = "detach-not-concurrent",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A partition is detached while reads and writes of the whole table wait",
    .catches =
        "DETACH PARTITION without CONCURRENTLY on PostgreSQL 14 and later, unless the table has a default partition, "
        "beside which CONCURRENTLY is refused.",
    .why =
        "It takes ACCESS EXCLUSIVE on the partitioned table, the partition and the default partition: the work is "
        "short, the wait behind the longest open transaction is not, and every query of any partition queues behind "
        "it. CONCURRENTLY takes SHARE UPDATE EXCLUSIVE on the partitioned table. Measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- outside of a transaction, in a migration of its own; PostgreSQL 14 and later\n"
        "ALTER TABLE {table} DETACH PARTITION {partition} CONCURRENTLY;",
    .safe_alembic =
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"ALTER TABLE {table} DETACH PARTITION {partition} CONCURRENTLY\")",
    .bad =
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\n"
        "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n"
        "-- migration: detach\n"
        "ALTER TABLE events DETACH PARTITION events_2024;\n",
    .good =
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\n"
        "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n"
        "-- migration: detach\n"
        "ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
