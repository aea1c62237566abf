#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* attach : context.all<model::AttachPartition>()) {
    const QualifiedName& part = attach->partition;
    if (context.harmless(part)) continue;
    const plan::Impact& impact = context.statement.impact;
    const bool builds = !impact.index_builds.empty();
    if (impact.known && !builds && !reads_whole(context, part)) continue;
    sink.add(
        rule, part,
        "ATTACH PARTITION stops " + stopped(context, part, kAccessExclusive) +
            (builds ? " while it is read and indexed" : " while every row is compared with the bound"),
        (builds ? "it lacks an index of " + display(attach->table)
                : std::string("no valid CHECK says that its rows lie within the bound")) +
            "; " + holds(context, part, kAccessExclusive) + " while it reads the whole table",
        named(context.chain, attach->table, {{"partition", spelled(context.chain, part)}, {"bound", attach->bound}}));
  }
}

}  // namespace

const Rule kAttachPartitionScan{
    .id = "attach-partition-scan",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A table is read whole to become a partition",
    .catches =
        "ATTACH PARTITION of a table that is in use and has no valid CHECK which implies the bound (and NOT NULL), or "
        "lacks an index that the partitioned table has.",
    .why =
        "The new partition is held under ACCESS EXCLUSIVE while its rows are compared with the bound, and while "
        "missing indexes are built. A valid CHECK (column IS NOT NULL AND column >= ... AND column < ...) spares the "
        "reading, indexes that are there are adopted. The partitioned table itself goes on (PostgreSQL 12 and later). "
        "Measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- migration 1: the bound as a check; indexes that {table} has, CREATE INDEX CONCURRENTLY\n"
        "ALTER TABLE {partition} ADD CONSTRAINT in_bound CHECK (... IS NOT NULL AND ...) NOT VALID;\n"
        "-- migration 2, in a transaction of its own: nobody waits\n"
        "ALTER TABLE {partition} VALIDATE CONSTRAINT in_bound;\n"
        "-- migration 3: reads nothing any more\n"
        "ALTER TABLE {table} ATTACH PARTITION {partition} {bound};\n"
        "ALTER TABLE {partition} DROP CONSTRAINT in_bound;",
    .bad =
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\n"
        "CREATE TABLE old_events (id bigint, at date);\n"
        "-- migration: attach\n"
        "ALTER TABLE events ATTACH PARTITION old_events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n",
    .good =
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\n"
        "CREATE TABLE old_events (id bigint, at date, CONSTRAINT in_bound\n"
        "  CHECK (at IS NOT NULL AND at >= '2024-01-01' AND at < '2025-01-01'));\n"
        "-- migration: attach\n"
        "ALTER TABLE events ATTACH PARTITION old_events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
