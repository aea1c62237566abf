#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr int kFirstGentleAttach = 12;

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context) || context.chain.server.major < kFirstGentleAttach) return;
  for (const auto* create : context.all<model::CreateTable>()) {
    const QualifiedName& whole = create->table.postgresql.partition_of;
    if (whole.name.empty() || context.harmless(whole)) continue;
    if (context.statement.impact.known && !keeps_out(context, whole)) continue;
    sink.add(rule, whole,
             "CREATE TABLE ... PARTITION OF stops " + stopped(context, whole, kAccessExclusive) +
                 " while it waits for its turn",
             "it needs ACCESS EXCLUSIVE on " + display(whole) +
                 ": it waits for every open transaction that uses any partition, and everybody who comes later waits "
                 "behind it",
             named(context.chain, whole,
                   {{"partition", spelled(context.chain, create->table.name)},
                    {"bound", create->table.postgresql.partition_bound}}));
  }
}

}  // namespace

const Rule kCreatePartitionLocksParent{
    .id = "create-partition-locks-parent",
    .group = Group::kTables,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "A partition is made under a lock on the whole table",
    .catches = "CREATE TABLE ... PARTITION OF a partitioned table that is in use, on PostgreSQL 12 and later.",
    .why =
        "It takes ACCESS EXCLUSIVE on the partitioned table; a table that is made by itself and attached takes SHARE "
        "UPDATE EXCLUSIVE there, which lets reads and writes pass (PostgreSQL 12 and later; 11 takes ACCESS EXCLUSIVE "
        "for ATTACH too). Measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "CREATE TABLE {partition} (LIKE {table} INCLUDING ALL);\n"
        "ALTER TABLE {table} ATTACH PARTITION {partition} {bound};",
    .bad =
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\n"
        "-- migration: partition\n"
        "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n",
    .good =
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\n"
        "-- migration: partition\n"
        "CREATE TABLE events_2024 (LIKE events INCLUDING ALL);\n"
        "ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
